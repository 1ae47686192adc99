package mansio.serve.inbound;

/** What is to become of a message for one recipient. */
sealed interface Verdict {
    /** Wanted. */
    record Accept() implements Verdict {}

    /** Kept, but in Junk. */
    record Quarantine(String reason) implements Verdict {}

    /** Not wanted. */
    record Refuse(Refusal refusal) implements Verdict {}

    /**
     * What stays of a refusal that cannot be said in the session any more, because others accept:
     * quarantine.
     */
    default Verdict unsaid() {
        return this instanceof Refuse(Refusal refusal) ? new Quarantine(refusal.text()) : this;
    }
}
