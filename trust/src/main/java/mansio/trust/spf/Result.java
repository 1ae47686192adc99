package mansio.trust.spf;

import mansio.codec.text.Ascii;

/** What check_host() gives (RFC 7208 section 2.6). */
public enum Result {
    /** No name to ask about, or no record there. */
    NONE,
    /** The domain decidedly does not say. */
    NEUTRAL,
    /** The client may send for the domain. */
    PASS,
    /** The client may not. */
    FAIL,
    /** The client probably may not. */
    SOFTFAIL,
    /** It cannot be found out now: a later try may give another result. */
    TEMPERROR,
    /** What the domain publishes is wrong, and somebody has to mend it. */
    PERMERROR;

    /** As in header fields: {@code softfail}. */
    public String keyword() {
        return Ascii.lower(name());
    }
}
