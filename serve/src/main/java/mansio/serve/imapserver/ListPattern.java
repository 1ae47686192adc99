package mansio.serve.imapserver;

import mansio.state.mailbox.MailboxName;

import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of LIST and LSUB: RFC 9051 section 6.3.9. A name matches when one pattern does; {@code
 * *} stands for any text, {@code %} for any text without a separator. The first element INBOX
 * matches in any case. Owned by one command.
 */
final class ListPattern {
    private static final int INBOX_LENGTH = 5;

    private final List<String> patterns;
    private final Pace pace = new Pace();

    private ListPattern(List<String> patterns) {
        this.patterns = patterns;
    }

    /** RFC 9051 section 6.3.9: reference and pattern together make the canonical pattern. */
    static ListPattern of(String reference, List<String> patterns) {
        List<String> canonical = new ArrayList<>();
        for (String pattern : patterns) {
            if (!pattern.isEmpty()) {
                canonical.add(reference + pattern);
            }
        }
        return new ListPattern(canonical);
    }

    boolean matches(MailboxName name) {
        String text = name.toString();
        boolean inbox = name.elements().getFirst().equals("INBOX");
        for (String pattern : patterns) {
            pace.worked((long) pattern.length() * text.length());
            if (matches(pattern, text, inbox)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Keeps the set of places in the name that the pattern so far may have reached; linear in both,
     * whatever wildcards there are.
     */
    private static boolean matches(String pattern, String name, boolean inbox) {
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char wanted = pattern.charAt(p);
            if (wanted == '*' || wanted == '%') {
                spread(reached, name, wanted == '%');
            } else {
                for (int i = name.length(); i > 0; i--) {
                    reached[i] =
                            reached[i - 1]
                                    && same(wanted, name.charAt(i - 1), inbox && i <= INBOX_LENGTH);
                }
                reached[0] = false;
            }
        }
        return reached[name.length()];
    }

    private static void spread(boolean[] reached, String name, boolean withinLevel) {
        boolean open = false;
        for (int i = 0; i <= name.length(); i++) {
            if (i > 0 && withinLevel && name.charAt(i - 1) == MailboxName.SEPARATOR) {
                open = false;
            }
            open |= reached[i];
            reached[i] = open;
        }
    }

    private static boolean same(char wanted, char given, boolean anyCase) {
        return wanted == given
                || (anyCase && Character.toUpperCase(wanted) == Character.toUpperCase(given));
    }
}
