package mansio.net.smtpclient;

import java.util.List;

/**
 * What became of a transaction.
 *
 * @param verdicts one for each recipient, in the message's order
 * @param dsnPassedOn whether the server took over the parameters of RFC 3461; where it did not, a
 *     "relayed" report is the sender's due
 */
public record SendResult(List<Verdict> verdicts, boolean dsnPassedOn, End end) {
    /** What became of the session. */
    public enum End {
        /** It lives. */
        OPEN,
        /** It is over. */
        BROKEN,
        /**
         * It had been used before and was found dead before anything was answered: that says
         * nothing about the server, and a new session may be tried at once.
         */
        STALE
    }

    public SendResult {
        verdicts = List.copyOf(verdicts);
    }
}
