package mansio.trust.dmarc;

import mansio.codec.text.Ascii;

import java.util.Arrays;
import java.util.Optional;

/**
 * What an owner wants done with mail that fails (RFC 9989, the tags p, sp and np); weakest first.
 */
public enum Policy {
    NONE,
    QUARANTINE,
    REJECT;

    /** As in a record: {@code quarantine}. */
    public String text() {
        return Ascii.lower(name());
    }

    /** One step weaker, for owners who test: quarantine for reject, none for quarantine. */
    public Policy weaker() {
        return this == REJECT ? QUARANTINE : NONE;
    }

    static Optional<Policy> of(String text) {
        return Arrays.stream(values())
                .filter(policy -> Ascii.equalsIgnoreCase(policy.name(), text))
                .findFirst();
    }
}
