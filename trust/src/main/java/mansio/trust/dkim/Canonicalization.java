package mansio.trust.dkim;

import java.util.Optional;

/** How a header or body is brought into the form that is signed (RFC 6376 section 3.4). */
public enum Canonicalization {
    /** Almost as it stands. */
    SIMPLE("simple"),
    /** White space may change on the way. */
    RELAXED("relaxed");

    private final String text;

    Canonicalization(String text) {
        this.text = text;
    }

    /** As in the c= tag. */
    public String text() {
        return text;
    }

    static Optional<Canonicalization> of(String text) {
        for (Canonicalization it : values()) {
            if (it.text.equals(text)) {
                return Optional.of(it);
            }
        }
        return Optional.empty();
    }
}
