package mansio.trust.dmarc;

/** What became of a check that DMARC leans on. */
public enum Outcome {
    PASS,
    /** Anything else that will stay so: fail, softfail, neutral, none, permerror. */
    FAIL,
    /** Could not be told; it may pass another time. */
    TEMPERROR
}
