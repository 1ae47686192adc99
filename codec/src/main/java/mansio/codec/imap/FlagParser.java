package mansio.codec.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** RFC 9051 9: flag. System flags in the RFC's spelling, keywords as sent. */
public final class FlagParser {
    public static final String ANSWERED = "\\Answered";
    public static final String FLAGGED = "\\Flagged";
    public static final String DELETED = "\\Deleted";
    public static final String SEEN = "\\Seen";
    public static final String DRAFT = "\\Draft";

    /** The system flags a client may change, in the order they are shown. */
    public static final List<String> SYSTEM = List.of(ANSWERED, FLAGGED, DELETED, SEEN, DRAFT);

    /** The longest keyword, in octets. */
    static final int KEYWORD_OCTETS = 255;

    private FlagParser() {}

    /** The flag of that name in the RFC's spelling; empty for a {@code \} flag we do not know. */
    static Optional<String> canonical(String name) {
        if (!name.startsWith("\\")) {
            return Optional.of(name);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return SYSTEM.stream()
                .filter(flag -> flag.toLowerCase(Locale.ROOT).equals(lower))
                .findAny();
    }

    /**
     * RFC 9051 9: flag = "\Answered" / ... / flag-keyword / flag-extension. {@code \Recent} and
     * flag-extensions cannot be set by a client: RFC 3501 section 2.3.2.
     */
    static String flag(CommandInput in) throws BadCommandException {
        String name = (in.take('\\') ? "\\" : "") + in.atom();
        if (name.length() > KEYWORD_OCTETS) {
            throw BadCommandException.limit("Keyword too long");
        }
        return canonical(name).orElseThrow(() -> in.unknown("flag", name));
    }

    /** RFC 9051 9: flag-list = "(" [flag *(SP flag)] ")". */
    static List<String> flagList(CommandInput in) throws BadCommandException {
        List<String> flags = new ArrayList<>();
        in.expect('(');
        if (in.take(')')) {
            return flags;
        }
        more(in, flags);
        in.expect(')');
        return flags;
    }

    /** RFC 9051 9: flag *(SP flag). */
    static List<String> bareFlags(CommandInput in) throws BadCommandException {
        List<String> flags = new ArrayList<>();
        more(in, flags);
        return flags;
    }

    private static void more(CommandInput in, List<String> flags) throws BadCommandException {
        do {
            if (flags.size() == Limits.LIST) {
                throw BadCommandException.limit("Too many flags");
            }
            String flag = flag(in);
            if (!flags.contains(flag)) {
                flags.add(flag);
            }
        } while (in.take(' '));
    }
}
