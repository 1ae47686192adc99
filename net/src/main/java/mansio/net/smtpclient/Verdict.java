package mansio.net.smtpclient;

import mansio.codec.smtp.Reply;

import java.util.Optional;

/** What became of one recipient in a transaction. */
public sealed interface Verdict {
    /** The server has it and answers for it. */
    record Delivered(Reply reply) implements Verdict {}

    /**
     * Not now: to be tried again.
     *
     * @param onlyTooMany whether only this transaction was too large (RFC 5321 section 4.5.3.1.10):
     *     others of it were accepted, and another one may follow at once
     */
    record Deferred(Problem problem, boolean onlyTooMany) implements Verdict {
        Deferred(Problem problem) {
            this(problem, false);
        }
    }

    /** For good. */
    record Refused(Problem problem) implements Verdict {}

    /**
     * The end of the message was sent and no answer came: nobody can tell whether the server has it
     * (RFC 1047).
     */
    record Unknown(Problem problem) implements Verdict {}

    /** What a reply in place of success means. */
    static Verdict no(Stage stage, Reply reply) {
        Problem problem = Problem.of(stage, reply);
        return reply.isPermanent() ? new Refused(problem) : new Deferred(problem);
    }

    /** For those whom the server does not take in the same transaction as the others. */
    static Verdict tooMany(Optional<Reply> reply) {
        String sentence = "the server takes fewer recipients at a time";
        return new Deferred(new Problem(Stage.RCPT, reply, "4.5.3", sentence), true);
    }
}
