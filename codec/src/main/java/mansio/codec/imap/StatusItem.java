package mansio.codec.imap;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** RFC 9051 9: status-att, with RFC 3501, RFC 7162, RFC 7889. */
public enum StatusItem {
    MESSAGES,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    DELETED,
    /** RFC 8438. */
    SIZE,
    /** IMAP4rev1 only. */
    RECENT,
    HIGHESTMODSEQ,
    APPENDLIMIT;

    // RFC 9051 9: "(" status-att *(SP status-att) ")"
    static Set<StatusItem> list(CommandInput in) throws BadCommandException {
        Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
        in.expect('(');
        do {
            String word = in.word("Status item");
            items.add(named(word).orElseThrow(() -> in.unknown("status item", word)));
        } while (in.take(' '));
        in.expect(')');
        return items;
    }

    private static Optional<StatusItem> named(String word) {
        for (StatusItem item : values()) {
            if (item.name().equals(word)) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }
}
