package mansio.serve.dnspublish;

/** What somebody must have said before it is done. */
public enum Permission {
    /** Takes away what others may have put there on purpose, such as MX records. */
    REPLACE_OTHERS,
    /** Adds what mail does without, such as SRV records. */
    ADD_OPTIONAL
}
