package mansio.state.mailbox;

import java.util.List;

/** How a command that adds placements ended. */
public sealed interface Placed {
    /**
     * All were added, at once.
     *
     * @param from for COPY and MOVE the UIDs they came from, ascending; those that were not there
     *     are left out. Empty for APPEND
     * @param to the new UIDs, ascending: APPENDUID and COPYUID (RFC 9051 section 7.1)
     * @param emailIds of the new placements, in the same order
     */
    record Done(long uidValidity, UidSet from, UidSet to, List<Long> emailIds) implements Placed {}

    /** Nothing was added. */
    record Refused(Reason reason) implements Placed {}

    /** Why not. */
    enum Reason {
        /** TRYCREATE or NONEXISTENT. */
        NO_MAILBOX,
        /** OVERQUOTA. */
        OVER_QUOTA,
        /** LIMIT: more messages or keywords than {@link MailLimits} allows. */
        TOO_MANY
    }
}
