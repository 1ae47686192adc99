package mansio.serve.inbound;

/** What is to become of a message for one recipient. */
sealed interface Verdict {
    /** Wanted. */
    record Accept() implements Verdict {}

    /** Kept, but in Junk. */
    record Quarantine(String reason) implements Verdict {}

    /** Not wanted. */
    record Refuse(Refusal refusal) implements Verdict {}
}
