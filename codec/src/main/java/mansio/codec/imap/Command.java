package mansio.codec.imap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A parsed IMAP command, one record per command: RFC 9051 section 6, RFC 3501 section 6. Where a
 * command has a UID form, {@code uid} says that its set, and a search result, speaks of UIDs.
 */
public sealed interface Command {
    // ---- any state: RFC 9051 section 6.1

    /** RFC 9051 9: command-any. */
    sealed interface InAnyState extends Command {}

    record Capability() implements InAnyState {}

    record Noop() implements InAnyState {}

    record Logout() implements InAnyState {}

    /** RFC 2971. Fields in the order sent; a value may be NIL. */
    record Id(List<Field> fields) implements InAnyState {
        /** One field of an ID command or response. */
        public record Field(String name, Optional<String> value) {}

        public Id {
            fields = List.copyOf(fields);
        }
    }

    // ---- not authenticated: RFC 9051 section 6.2

    /** RFC 9051 9: command-nonauth: valid only in the not authenticated state. */
    sealed interface NotAuthenticated extends Command {}

    record StartTls() implements NotAuthenticated {}

    /**
     * @param mechanism in upper case
     * @param initialResponse base64 as sent, {@code =} for an empty one; RFC 4959
     */
    record Authenticate(String mechanism, Optional<String> initialResponse)
            implements NotAuthenticated {
        @Override
        public String toString() {
            return "Authenticate[" + mechanism + "]"; // The response holds a password.
        }
    }

    record Login(String userName, String password) implements NotAuthenticated {
        @Override
        public String toString() {
            return "Login[" + userName + "]";
        }
    }

    // ---- authenticated: RFC 9051 section 6.3

    /** RFC 9051 9: command-auth: valid in the authenticated and the selected state. */
    sealed interface Authenticated extends Command {}

    /** RFC 5161. Names in upper case; unknown ones are for the server to ignore. */
    record Enable(List<String> capabilities) implements Authenticated {
        public Enable {
            capabilities = List.copyOf(capabilities);
        }
    }

    record Select(MailboxPath mailbox, SelectParameters parameters) implements Authenticated {}

    record Examine(MailboxPath mailbox, SelectParameters parameters) implements Authenticated {}

    /** RFC 7162 sections 3.1.8 and 3.2.5. */
    record SelectParameters(boolean condStore, Optional<Qresync> qresync) {
        public static final SelectParameters NONE = new SelectParameters(false, Optional.empty());
    }

    /**
     * What the client knows of the mailbox: RFC 7162 section 3.2.5.
     *
     * @param knownUids the UIDs it has; when empty, all up to the last it can have seen
     */
    record Qresync(
            long uidValidity,
            long modSeq,
            Optional<NumberRanges> knownUids,
            Optional<SeqMatch> seqMatch) {}

    /** RFC 7162 section 3.2.5.2: sequence numbers and the UIDs they had, both ascending. */
    record SeqMatch(SequenceSet.Ranges sequenceNumbers, SequenceSet.Ranges uids) {}

    /**
     * @param specialUses RFC 6154 section 3: as sent, such as {@code \Sent}
     */
    record Create(MailboxPath mailbox, Optional<List<String>> specialUses)
            implements Authenticated {}

    record Delete(MailboxPath mailbox) implements Authenticated {}

    record Rename(MailboxPath from, MailboxPath to) implements Authenticated {}

    record Subscribe(MailboxPath mailbox) implements Authenticated {}

    record Unsubscribe(MailboxPath mailbox) implements Authenticated {}

    /**
     * RFC 5258.
     *
     * <p>The LIST command; {@code List} would hide the collection.
     */
    record ListMailboxes(
            Set<ListSelection> selection, String reference, Patterns patterns, ListReturn returned)
            implements Authenticated {
        /** One pattern, or a list of them in parentheses. */
        public record Patterns(List<String> any, boolean inParentheses) {
            public Patterns {
                any = List.copyOf(any);
            }
        }

        /**
         * RFC 5258 section 3: the old syntax gives an empty pattern a meaning of its own, the new
         * one does not.
         */
        public boolean extended() {
            return !selection.isEmpty() || patterns.inParentheses() || returned.given();
        }
    }

    /** RFC 5258 section 3.1; SPECIAL-USE: RFC 6154 section 2. */
    enum ListSelection {
        SUBSCRIBED,
        REMOTE,
        RECURSIVEMATCH,
        SPECIAL_USE,
        /** Empty parentheses: selects nothing, but the syntax is the extended one. */
        NONE
    }

    /**
     * RFC 5258 section 3.2.
     *
     * @param given true when RETURN was there, even with nothing in it
     * @param status what STATUS is to tell of each mailbox; RFC 5819
     */
    record ListReturn(boolean given, Set<ListOption> options, Optional<Set<StatusItem>> status) {
        public static final ListReturn NONE = new ListReturn(false, Set.of(), Optional.empty());
    }

    /** Attributes that LIST is asked to return. */
    enum ListOption {
        SUBSCRIBED,
        CHILDREN,
        SPECIAL_USE
    }

    /** RFC 3501 section 6.3.9. */
    record Lsub(String reference, String pattern) implements Authenticated {}

    /** RFC 2342. */
    record Namespace() implements Authenticated {}

    record Status(MailboxPath mailbox, Set<StatusItem> items) implements Authenticated {}

    /**
     * The beginning of APPEND; its messages follow, one by one, from {@link AppendParser}.
     *
     * @see AppendParser
     */
    record Append(MailboxPath mailbox) implements Authenticated {}

    /** RFC 2177. */
    record Idle() implements Authenticated {}

    // ---- selected: RFC 9051 section 6.4

    /** RFC 9051 9: command-select: valid only in the selected state. */
    sealed interface Selected extends Command {}

    /** RFC 3501 section 6.4.1. */
    record Check() implements Selected {}

    record Close() implements Selected {}

    /** RFC 3691. */
    record Unselect() implements Selected {}

    /** With UIDs: UID EXPUNGE, RFC 4315 section 2.1. */
    record Expunge(Optional<SequenceSet> uids) implements Selected {}

    /**
     * @param returned what RETURN asked for, empty without it; RFC 4731
     */
    record Search(
            boolean uid,
            Optional<Set<SearchReturn>> returned,
            Optional<String> charset,
            SearchKey key)
            implements Selected {}

    /** RFC 4731 section 3.1, RFC 5182 section 2. */
    enum SearchReturn {
        MIN,
        MAX,
        ALL,
        COUNT,
        SAVE
    }

    record Fetch(boolean uid, SequenceSet set, List<FetchItem> items, FetchModifiers modifiers)
            implements Selected {
        public Fetch {
            items = List.copyOf(items);
        }
    }

    /** RFC 7162 sections 3.1.4.1 and 3.2.6. */
    record FetchModifiers(OptionalLong changedSince, boolean vanished) {
        public static final FetchModifiers NONE = new FetchModifiers(OptionalLong.empty(), false);
    }

    /**
     * @param unchangedSince RFC 7162 section 3.1.3
     */
    record Store(boolean uid, SequenceSet set, OptionalLong unchangedSince, FlagChange change)
            implements Selected {}

    /** RFC 9051 section 6.4.6. */
    record FlagChange(Mode mode, boolean silent, List<String> flags) {
        /** What becomes of the flags a message has. */
        public enum Mode {
            REPLACE,
            ADD,
            REMOVE
        }

        public FlagChange {
            flags = List.copyOf(flags);
        }
    }

    record Copy(boolean uid, SequenceSet set, MailboxPath mailbox) implements Selected {}

    /** RFC 6851. */
    record Move(boolean uid, SequenceSet set, MailboxPath mailbox) implements Selected {}

    /** A command we do not know, in upper case. */
    record Unknown(String name) implements Command {}
}
