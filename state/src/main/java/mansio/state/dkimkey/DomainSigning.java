package mansio.state.dkimkey;

import java.time.Duration;
import java.util.Optional;

/**
 * How the mail of a domain is signed.
 *
 * @param header canonicalization of the header (RFC 6376 section 3.4)
 * @param body canonicalization of the body
 * @param expiry after how long a signature is not good any more ({@code x=}); empty: never
 */
public record DomainSigning(Form header, Form body, Optional<Duration> expiry) {
    /** What changes on the way a signature bears. The code is stored. */
    public enum Form {
        SIMPLE(1),
        RELAXED(2);

        private final int code;

        Form(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Form of(int code) {
            return code == SIMPLE.code ? SIMPLE : RELAXED;
        }
    }

    /** Relays fold headers and strip spaces; queues and gray listing take days. */
    public static final DomainSigning USUAL =
            new DomainSigning(Form.RELAXED, Form.RELAXED, Optional.empty());

    /** A signature must outlive the queue of whoever is slow. */
    public static final Duration MIN_EXPIRY = Duration.ofHours(1);

    public DomainSigning {
        if (expiry.filter(it -> it.compareTo(MIN_EXPIRY) < 0).isPresent()) {
            throw new IllegalArgumentException("signatures that are good for " + expiry.get());
        }
    }
}
