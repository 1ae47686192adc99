package mansio.state.mailbox;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mailbox name: path elements in Unicode NFC, joined by {@code /} (RFC 9051 section 5.1). A first
 * element that spells INBOX in any case is INBOX. Immutable.
 */
public record MailboxName(List<String> elements) {
    public static final char SEPARATOR = '/';

    /** UTF-8 bytes of one element. */
    public static final int MAX_ELEMENT_BYTES = 255;

    /** UTF-8 bytes of the whole path. */
    public static final int MAX_BYTES = 1_000;

    /** Elements of a path. */
    public static final int MAX_DEPTH = 30;

    public static final MailboxName INBOX = new MailboxName(List.of("INBOX"));

    /**
     * @throws IllegalArgumentException for elements that {@link #parse} refuses
     */
    public MailboxName {
        elements = canonical(elements);
        String fault = fault(elements);
        if (!fault.isEmpty()) throw new IllegalArgumentException("mailbox name: " + fault);
    }

    /** The name that a path spells; empty for a path that cannot name a mailbox here. */
    public static Optional<MailboxName> parse(String path) {
        if (path.length() > MAX_BYTES) return Optional.empty();
        List<String> elements = canonical(List.of(path.split("/", -1)));
        return fault(elements).isEmpty()
                ? Optional.of(new MailboxName(elements))
                : Optional.empty();
    }

    /** This name's superior; empty at the top. */
    public Optional<MailboxName> parent() {
        return elements.size() == 1
                ? Optional.empty()
                : Optional.of(new MailboxName(elements.subList(0, elements.size() - 1)));
    }

    /** The last element. */
    public String leaf() {
        return elements.getLast();
    }

    /** The name of an inferior. */
    public MailboxName child(String element) {
        List<String> more = new ArrayList<>(elements);
        more.add(element);
        return new MailboxName(more);
    }

    public boolean isInbox() {
        return elements.size() == 1 && elements.getFirst().equals("INBOX");
    }

    /** True for a name below {@code other}, at any depth. */
    public boolean isBelow(MailboxName other) {
        int size = other.elements.size();
        return elements.size() > size && elements.subList(0, size).equals(other.elements);
    }

    private static List<String> canonical(List<String> elements) {
        List<String> canonical = new ArrayList<>(elements.size());
        for (String element : elements) {
            canonical.add(Normalizer.normalize(element, Normalizer.Form.NFC));
        }
        if (!canonical.isEmpty() && canonical.getFirst().equalsIgnoreCase("INBOX")) {
            canonical.set(0, "INBOX");
        }
        return List.copyOf(canonical);
    }

    /** What is wrong, or nothing. RFC 9051 section 5.1 with Net-Unicode (RFC 5198). */
    private static String fault(List<String> elements) {
        if (elements.isEmpty() || elements.size() > MAX_DEPTH) return elements.size() + " elements";
        int bytes = elements.size() - 1;
        for (String element : elements) {
            int length = element.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > MAX_ELEMENT_BYTES) return "element of " + length + " bytes";
            bytes += length;
            if (element.codePoints().anyMatch(MailboxName::isForbidden)) return "character";
        }
        return bytes > MAX_BYTES ? bytes + " bytes" : "";
    }

    private static boolean isForbidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            // "*" and "%" are the wildcards of LIST: a name with them could not be listed alone.
            default -> c == SEPARATOR || c == '*' || c == '%';
        };
    }

    /** The path, elements joined by {@link #SEPARATOR}. */
    @Override
    public String toString() {
        return String.join("/", elements);
    }
}
