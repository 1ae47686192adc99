package mansio.trust.dkim;

/** What became of a signature, in the words of RFC 8601 section 2.7.1. */
public enum DkimState {
    PASS,
    /** The message or the signature was changed, or its time is over. */
    FAIL,
    /** It was not looked at. */
    NEUTRAL,
    /** It holds, but not for the whole message. */
    POLICY,
    /** The key could not be had now. */
    TEMPERROR,
    /** No later try will change it: nonsense, no key, a key that must not be used. */
    PERMERROR
}
