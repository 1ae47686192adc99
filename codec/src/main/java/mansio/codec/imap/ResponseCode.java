package mansio.codec.imap;

import java.util.List;

/**
 * RFC 9051 9: resp-text-code, with RFC 3501, RFC 5530, RFC 7162, RFC 4315, RFC 6154 and RFC 7889.
 */
public sealed interface ResponseCode {
    /** Codes that are one word. */
    enum Plain implements ResponseCode {
        ALERT("ALERT"),
        PARSE("PARSE"),
        READ_ONLY("READ-ONLY"),
        READ_WRITE("READ-WRITE"),
        TRYCREATE("TRYCREATE"),
        UIDNOTSTICKY("UIDNOTSTICKY"),
        UNAVAILABLE("UNAVAILABLE"),
        AUTHENTICATIONFAILED("AUTHENTICATIONFAILED"),
        AUTHORIZATIONFAILED("AUTHORIZATIONFAILED"),
        EXPIRED("EXPIRED"),
        PRIVACYREQUIRED("PRIVACYREQUIRED"),
        CONTACTADMIN("CONTACTADMIN"),
        NOPERM("NOPERM"),
        INUSE("INUSE"),
        EXPUNGEISSUED("EXPUNGEISSUED"),
        CORRUPTION("CORRUPTION"),
        SERVERBUG("SERVERBUG"),
        CLIENTBUG("CLIENTBUG"),
        CANNOT("CANNOT"),
        LIMIT("LIMIT"),
        OVERQUOTA("OVERQUOTA"),
        ALREADYEXISTS("ALREADYEXISTS"),
        NONEXISTENT("NONEXISTENT"),
        NOTSAVED("NOTSAVED"),
        HASCHILDREN("HASCHILDREN"),
        CLOSED("CLOSED"),
        /** RFC 3516 section 4.3, with a hyphen in RFC 9051. */
        UNKNOWN_CTE("UNKNOWN-CTE"),
        /** RFC 7162 section 3.1.2.2. */
        NOMODSEQ("NOMODSEQ"),
        /** RFC 6154 section 3. */
        USEATTR("USEATTR"),
        /** RFC 7889 section 4. */
        TOOBIG("TOOBIG");

        private final String word;

        Plain(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** RFC 9051 section 7.1: BADCHARSET. */
    record BadCharset(List<String> known) implements ResponseCode {
        @Override
        public String toString() {
            return "BADCHARSET (" + String.join(" ", known) + ")";
        }
    }

    record Capability(List<String> capabilities) implements ResponseCode {
        @Override
        public String toString() {
            return "CAPABILITY " + String.join(" ", capabilities);
        }
    }

    /** {@code \*} among them means that new keywords can be made. */
    record PermanentFlags(List<String> flags) implements ResponseCode {
        @Override
        public String toString() {
            return "PERMANENTFLAGS (" + String.join(" ", flags) + ")";
        }
    }

    record UidNext(long uid) implements ResponseCode {
        @Override
        public String toString() {
            return "UIDNEXT " + uid;
        }
    }

    record UidValidity(long value) implements ResponseCode {
        @Override
        public String toString() {
            return "UIDVALIDITY " + value;
        }
    }

    /** RFC 3501 section 7.1; gone from RFC 9051. */
    record Unseen(long sequenceNumber) implements ResponseCode {
        @Override
        public String toString() {
            return "UNSEEN " + sequenceNumber;
        }
    }

    /** RFC 4315 section 3, RFC 3502 section 4 for several. */
    record AppendUid(long uidValidity, NumberRanges uids) implements ResponseCode {
        @Override
        public String toString() {
            return "APPENDUID " + uidValidity + " " + uids;
        }
    }

    /** RFC 4315 section 3: source and target in the same order. */
    record CopyUid(long uidValidity, NumberRanges from, NumberRanges to) implements ResponseCode {
        public CopyUid {
            if (from.isEmpty() || from.size() != to.size()) {
                throw new IllegalArgumentException("sets of different size");
            }
        }

        @Override
        public String toString() {
            return "COPYUID " + uidValidity + " " + from + " " + to;
        }
    }

    /** RFC 7162 section 3.1.2.1. */
    record HighestModSeq(long value) implements ResponseCode {
        @Override
        public String toString() {
            return "HIGHESTMODSEQ " + value;
        }
    }

    /** RFC 7162 section 3.1.3: messages that a conditional STORE left alone. */
    record Modified(NumberRanges set) implements ResponseCode {
        @Override
        public String toString() {
            return "MODIFIED " + set;
        }
    }
}
