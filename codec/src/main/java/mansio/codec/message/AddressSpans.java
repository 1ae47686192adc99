package mansio.codec.message;

import mansio.codec.text.Address;
import mansio.codec.text.LocalPart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds where the addresses of an address list stand in the bytes of a field, RFC 5322 section 3.4:
 * display names, comments, groups and folding are passed over. What is not plain has no span: who
 * wrote it may mean something else than we read.
 */
final class AddressSpans {
    /** A whole quoted string, and a domain behind it. */
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"\\s*@[^\"]*");

    private final byte[] bytes;
    private final int end;
    private final List<Span> spans = new ArrayList<>();

    private int at;

    /** Where the current entry begins: behind a comma, a group's colon, or at the value's start. */
    private int entryStart;

    /** The words of the current entry; -1 while there are none. */
    private int wordsFrom = -1;

    private int wordsEnd;
    private boolean doubtful;
    private boolean commentSeen;
    private boolean commentWithin;
    private boolean atSeen;
    private boolean angleSeen;
    private boolean inGroup;

    /**
     * An address.
     *
     * @param entryStart where its entry begins, white space and display name included
     * @param from its first byte
     * @param to behind its last byte
     */
    record Span(int entryStart, int from, int to, Address address) {}

    private AddressSpans(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.entryStart = start;
        this.end = end;
    }

    /**
     * The plain addresses of a field, in order; none at all when one of them is not among those
     * that {@link AddressList} reads.
     */
    static List<Span> of(HeaderField field) {
        byte[] bytes = field.raw();
        int start = field.valueOffset();
        List<Span> spans = new AddressSpans(bytes, start, start + field.rawValue().length).find();
        AddressList list = AddressList.parse(field.unfolded());
        Iterator<Address> read =
                list.mailboxes().stream()
                        .filter(it -> it.oddities().isEmpty())
                        .flatMap(it -> it.address().stream())
                        .iterator();
        for (Span span : spans) {
            boolean found = false;
            while (!found && read.hasNext()) found = read.next().equals(span.address);
            if (!found) return List.of();
        }
        return list.truncated() ? List.of() : spans;
    }

    private List<Span> find() {
        while (at < end) {
            switch (bytes[at]) {
                case ',' -> endEntry();
                case ';' -> {
                    endEntry();
                    inGroup = false;
                }
                case ':' -> colon();
                case '<' -> angle();
                case '(' -> comment();
                case ' ', '\t', '\r', '\n' -> at++;
                default -> word();
            }
        }
        endEntry();
        return spans;
    }

    private void word() {
        if (wordsFrom < 0) {
            wordsFrom = at;
        } else if (commentSeen) {
            commentWithin = true; // Within a bare address, or a display name: that is seen later.
        }
        atSeen |= bytes[at] == '@';
        switch (bytes[at]) {
            case '"' -> quoted();
            case '[' -> literal();
            default -> at++;
        }
        wordsEnd = at;
    }

    /** Brackets hide what stands in them, also in a display name: {@code Ann [x] <ann@...>}. */
    private void literal() {
        do {
            at++;
        } while (at < end && "]<>,;".indexOf(bytes[at]) < 0);
        if (at < end && bytes[at] == ']') {
            at++;
        } else {
            doubtful = true;
        }
    }

    private void quoted() {
        at++;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        doubtful |= at >= end;
        at = Math.min(at + 1, end);
    }

    private void comment() {
        int depth = 0;
        do {
            byte b = bytes[at++];
            if (b == '(') {
                depth++;
            } else if (b == ')') {
                depth--;
            } else if (b == '\\') {
                at++;
            }
        } while (depth > 0 && at < end);
        at = Math.min(at, end);
        doubtful |= depth > 0;
        commentSeen = wordsFrom >= 0;
    }

    // angle-addr = [CFWS] "<" addr-spec ">" [CFWS]
    private void angle() {
        boolean again = angleSeen;
        int from = ++at;
        boolean plain = true;
        while (at < end && bytes[at] != '>' && bytes[at] != '<' && bytes[at] != ',') {
            if (bytes[at] == '"') {
                quoted();
            } else {
                plain &= bytes[at] != '(' && bytes[at] != ';';
                at++;
            }
        }
        boolean closed = at < end && bytes[at] == '>';
        int to = at;
        if (closed) {
            at++;
        }
        angleSeen = true;
        wordsFrom = -1;
        commentSeen = false;
        boolean last = nothingButComments();
        if (closed && plain && last && !again && !doubtful) {
            add(from, to);
        }
        doubtful = true;
    }

    /** True when only comments and spaces stand before the end of the entry. */
    private boolean nothingButComments() {
        while (at < end) {
            switch (bytes[at]) {
                case ',', ';' -> {
                    return true;
                }
                case '(' -> comment();
                case ' ', '\t', '\r', '\n' -> at++;
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    // group = display-name ":" [group-list] ";" [CFWS]
    private void colon() {
        at++;
        if (inGroup || atSeen || angleSeen || wordsFrom < 0) {
            doubtful = true;
            return;
        }
        inGroup = true;
        begin();
    }

    private void endEntry() {
        if (wordsFrom >= 0 && atSeen && !doubtful && !commentWithin) {
            add(wordsFrom, wordsEnd);
        }
        at++;
        begin();
    }

    private void begin() {
        entryStart = at;
        wordsFrom = -1;
        doubtful = false;
        commentSeen = false;
        commentWithin = false;
        atSeen = false;
        angleSeen = false;
    }

    private void add(int start, int stop) {
        int from = start;
        int to = stop;
        while (from < to && isSpace(bytes[from])) from++;
        while (to > from && isSpace(bytes[to - 1])) to--;
        byte[] spec = Arrays.copyOfRange(bytes, from, to);
        String text = new String(spec, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), spec)) {
            return; // A guess at another charset is no address to write anew.
        }
        Optional<Address> address = plain(text.replace("\r\n", "").replace("\n", ""));
        if (address.isPresent()) {
            spans.add(new Span(entryStart, from, to, address.get()));
        }
    }

    /** One that is valid once the white space around its dots and "@" is left out. */
    private static Optional<Address> plain(String text) {
        AddressList list = AddressList.parse(text);
        return list.entries().size() == 1
                        && list.entries().getFirst() instanceof NamedAddress one
                        && one.oddities().isEmpty()
                        && one.name().isEmpty()
                        && isStrict(text, one)
                ? one.address()
                : Optional.empty();
    }

    private static boolean isStrict(String text, NamedAddress read) {
        boolean quoted = text.startsWith("\"");
        if (read.address().isEmpty()
                || (quoted ? !QUOTED.matcher(text).matches() : text.indexOf('"') >= 0)) {
            return false;
        }
        String local = quoted ? new LocalPart(read.localPart()).toWire() : read.localPart();
        return Address.tryParse(local + "@" + read.domain()).equals(read.address());
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
