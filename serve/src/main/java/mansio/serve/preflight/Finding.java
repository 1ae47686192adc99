package mansio.serve.preflight;

/** What a rule says of a message. */
sealed interface Finding {
    /** All is as receivers want it. */
    Finding GOOD = new Good();

    /** Nothing is wrong. */
    record Good() implements Finding {}

    /**
     * It costs points.
     *
     * @param what is wrong, in words
     */
    record Fault(String what) implements Finding {}

    /**
     * Cannot be told now, which is nobody's fault: the DNS does not answer.
     *
     * @param why in words
     */
    record Unknown(String why) implements Finding {}

    /**
     * There is nothing to look at here.
     *
     * @param why in words
     */
    record Skipped(String why) implements Finding {}
}
