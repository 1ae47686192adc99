package mansio.trust.arc;

import mansio.codec.text.Ascii;

/** The Chain Validation Status (RFC 8617 section 4.4). */
public enum ArcState {
    NONE,
    PASS,
    FAIL;

    /** As in the cv= tag and in Authentication-Results. */
    public String text() {
        return Ascii.lower(name());
    }
}
