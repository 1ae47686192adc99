package mansio.serve.dnscheck;

/** What is to be said of one item; of several the last one counts. */
public enum Verdict {
    GOOD,
    /** Not there, and mail does without. */
    OPTIONAL,
    /** Mended, and not everywhere yet: some name server or resolver has what was there before. */
    WAIT,
    /** Nobody could be asked. */
    UNKNOWN,
    MISSING,
    WRONG;

    Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
