package mansio.codec.imap;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * RFC 9051 9: search-key, as a tree. Keys that are another's negation or shorthand are written as
 * that: {@code UNSEEN} is {@code Not(HasFlag(\Seen))}, {@code FROM x} is {@code Header(From, x)}.
 */
public sealed interface SearchKey {
    record All() implements SearchKey {}

    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = List.copyOf(keys);
        }
    }

    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    /** A system flag or a keyword. */
    record HasFlag(String flag) implements SearchKey {}

    /** RFC 3501: RECENT. */
    record Recent() implements SearchKey {}

    /** A header field of that name holds the text; the empty text asks for the field only. */
    record Header(String name, String text) implements SearchKey {}

    record Body(String text) implements SearchKey {}

    /** Header or body. */
    record Text(String text) implements SearchKey {}

    /** INTERNALDATE, its time and zone not looked at. */
    record InternalDate(DateTest test, LocalDate date) implements SearchKey {}

    /** The Date field, its time and zone not looked at. */
    record SentDate(DateTest test, LocalDate date) implements SearchKey {}

    /** How a day is compared. */
    enum DateTest {
        BEFORE,
        ON,
        SINCE
    }

    record Larger(long octets) implements SearchKey {}

    record Smaller(long octets) implements SearchKey {}

    record SequenceNumbers(SequenceSet set) implements SearchKey {}

    record Uids(SequenceSet set) implements SearchKey {}

    /** RFC 5032: INTERNALDATE is that many seconds ago or more. */
    record Older(long seconds) implements SearchKey {}

    /** RFC 5032: INTERNALDATE is that many seconds ago or less. */
    record Younger(long seconds) implements SearchKey {}

    /**
     * RFC 7162 section 3.1.5.
     *
     * @param entry what was asked to be looked at, such as {@code /flags/\draft}; our mod-sequences
     *     are per message, so it changes nothing
     */
    record ModSeq(Optional<Entry> entry, long modSeq) implements SearchKey {
        /** RFC 7162 section 7: search-modseq-ext. */
        public record Entry(String name, String type) {}
    }
}
