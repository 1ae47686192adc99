package mansio.testkit.dns;

import java.util.Locale;

/**
 * Something that a server of the DNS does wrong, or slowly, or on purpose.
 *
 * @param amount milliseconds of {@link Kind#DELAY}, records of {@link Kind#OVERSIZE}, signatures of
 *     {@link Kind#MANY_SIGNATURES}; else 0
 */
public record Behaviour(Kind kind, int amount) {
    /** What it does. In a zone file: in lower case, with hyphens, as in {@code no-edns}. */
    public enum Kind {
        /** Answers after so many milliseconds. */
        DELAY,
        /** Sends an empty, cut reply by datagram; over a stream the whole. */
        TRUNCATE,
        /** Says it is cut, over a stream too. */
        ALWAYS_TRUNCATE,
        /** Never answers. */
        DROP,
        SERVFAIL,
        REFUSED,
        NXDOMAIN,
        NOTIMP,
        /** SERVFAIL, and says that signatures are wrong (RFC 8914). */
        BOGUS,
        /** Calls a query with EDNS a format error. */
        NO_EDNS,
        /** Takes no TCP connection. */
        NO_STREAM,
        /** Never answers over a stream, as where a wall drops it. */
        DROP_STREAM,
        /** Ends the TCP connection amid the reply. */
        HANG_UP,
        WRONG_ID,
        WRONG_QUESTION,
        /** Sends the question back in lower case. */
        LOWER_CASE,
        /** The right header and question, then octets that mean nothing. */
        GARBAGE,
        /** Noise, and replies with another identifier and another question, then the right one. */
        RACE,
        /** CNAME records between two names below the one asked for. */
        LOOP,
        /** So many addresses. */
        OVERSIZE,
        /** Names other servers in place of an answer. */
        REFERRAL,
        /** Sets the AD bit, as a resolver does that has checked signatures. */
        SECURE,
        /** NXDOMAIN beside the records. */
        DENY,
        /** Says "no" without an SOA record. */
        NO_SOA,
        /** Does not offer to look up names. */
        NO_RECURSION,
        /** The SOA record of a zone that has nothing to do with the name. */
        FOREIGN_SOA,
        /** A record of another name in place of the answer. */
        UNRELATED,
        /** Sends the question back in no form at all. */
        NO_QUESTION,
        /** Leaves the records of DNSSEC out. */
        STRIP,
        /** Leaves those out that prove an absence. */
        NO_DENIAL,
        /** Signatures whose time is over. */
        EXPIRED,
        /** Signatures whose time has not come. */
        NOT_YET,
        /** Signatures that do not hold. */
        WRONG_SIGNATURE,
        /** So many signatures that do not hold before each that does. */
        MANY_SIGNATURES
    }

    /** One without an amount. */
    public static Behaviour of(Kind kind) {
        return new Behaviour(kind, 0);
    }

    /**
     * Reads {@code delay 200}, {@code no-edns}.
     *
     * @throws IllegalArgumentException when there is no such behaviour
     */
    public static Behaviour parse(String text) {
        String[] words = text.strip().split("\\s+");
        Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT).replace('-', '_'));
        return new Behaviour(kind, words.length > 1 ? Integer.parseInt(words[1]) : 0);
    }
}
