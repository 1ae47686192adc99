package mansio.serve.dnspublish;

import java.util.List;

/**
 * A record that is not as it should be and is left alone.
 *
 * @param there what stands there, as in a zone file
 * @param reason a sentence without a final dot
 */
public record Left(String name, String type, Why why, List<String> there, String reason) {
    public Left {
        there = List.copyOf(there);
    }

    /** Why nothing is done. */
    public enum Why {
        /** It would take away what somebody put there: {@link Permission#REPLACE_OTHERS}. */
        NEEDS_REPLACE,
        /** The name is an alias. */
        ALIAS,
        /** A record would take away what a wildcard gives to the name. */
        WILDCARD,
        /** No other record of this name mends it. */
        NOT_BY_A_RECORD,
        /** The server has no zone of the name. */
        ELSEWHERE,
        /** Nobody could be asked. */
        UNKNOWN
    }
}
