package mansio.codec.message;

import mansio.codec.text.Address;

import java.util.List;

/** Who a message says it is from: the answer of {@link FromFinder}, the only place that decides. */
public sealed interface FromResult {
    /** Exactly one author address, and no doubt which. */
    record One(Address address, NamedAddress mailbox) implements FromResult {}

    /** No From field at all. */
    record Missing() implements FromResult {}

    /**
     * There is a From, but readers could take it for different addresses.
     *
     * @param candidates the valid addresses found, at most {@link #MAX_CANDIDATES}
     */
    record Ambiguous(Reason reason, List<Address> candidates) implements FromResult {
        public Ambiguous {
            candidates = List.copyOf(candidates);
        }
    }

    /** Candidates of {@link Ambiguous} that are kept. */
    int MAX_CANDIDATES = 20;

    /** Why nobody can be sure. */
    enum Reason {
        /** More than one From field. */
        SEVERAL_FIELDS,
        /** A line that some reader could take for one more From field. */
        HIDDEN_FIELD,
        /** More than one mailbox; RFC 5322 allows it, with Sender. */
        SEVERAL_ADDRESSES,
        /** Group syntax (RFC 6854). */
        GROUP,
        /** A control character in the field. */
        CONTROL_CHARACTER,
        /** A route, a comment within the address, stray words, unfinished quotes. */
        UNCLEAR_SYNTAX,
        /** No valid address: none at all, or one within an encoded word. */
        NO_ADDRESS,
        /** The header was larger than what was kept: there may be another From. */
        HEADER_LIMIT
    }
}
