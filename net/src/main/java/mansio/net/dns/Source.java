package mansio.net.dns;

import mansio.net.dns.Answer.Failed;

/**
 * Where replies come from, checked or not. Safe for use by any thread; asking blocks its thread.
 */
public sealed interface Source permits Exchange, Recursor, Validator, ValidatorIfPossible {
    /**
     * Asks for records of one name, without going on from alias to alias.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     */
    Result ask(Question question, long deadlineNanos);

    /** What came of a question. */
    sealed interface Result {
        /**
         * A reply.
         *
         * @param security of all of it
         */
        record Heard(Reply reply, Security security) implements Result {}

        /** There is none, or none that can be believed. */
        record Silence(Failed failed) implements Result {}
    }
}
