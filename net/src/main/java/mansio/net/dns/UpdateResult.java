package mansio.net.dns;

/** What became of a {@link ZoneUpdate}. */
public sealed interface UpdateResult {
    /** All of it was made: the server says so, and its signature holds. */
    record Done() implements UpdateResult {}

    /** Nothing was changed, because a condition does not hold; signed by the server. */
    record Outdated(Broken condition) implements UpdateResult {}

    /** Which kind of condition; the server does not say of which name. */
    enum Broken {
        /** NXRRSET. */
        SET_DIFFERS,
        /** YXRRSET. */
        SET_IS_THERE,
        /** NXDOMAIN. */
        NAME_NOT_IN_USE,
        /** YXDOMAIN. */
        NAME_IN_USE
    }

    /**
     * The server says no, and will say it again.
     *
     * @param sentence why, and perhaps what to do about it; without a final dot
     */
    record Refused(Reason reason, String sentence) implements UpdateResult {}

    /** Why a server says no. */
    enum Reason {
        UNKNOWN_KEY,
        WRONG_SECRET,
        CLOCKS_DIFFER,
        SHORT_SIGNATURE,
        /** REFUSED. */
        NOT_PERMITTED,
        /** NOTAUTH: it is not the server of the zone. */
        NOT_THE_SERVER,
        /** NOTZONE. */
        NOT_IN_ZONE,
        /** NOTIMP. */
        NOT_SUPPORTED,
        /** FORMERR. */
        NOT_UNDERSTOOD,
        /** More than fits into a message. */
        TOO_LARGE,
        OTHER
    }

    /**
     * Nobody answers, or what answers cannot be believed: the changes may have been made or not.
     *
     * @param reason one line; without a final dot
     */
    record Unknown(String reason) implements UpdateResult {}
}
