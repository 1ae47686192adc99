package mansio.state.dkimkey;

import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.SigningOptions;

import java.time.Duration;
import java.util.Optional;

/**
 * How the mail of a domain is signed.
 *
 * @param header canonicalization of the header (RFC 6376 section 3.4)
 * @param body canonicalization of the body
 * @param expiry after how long a signature is not good any more ({@code x=}); empty: never
 */
public record DomainSigning(
        Canonicalization header, Canonicalization body, Optional<Duration> expiry) {
    /** Relays fold headers and strip spaces; queues and gray listing take days. */
    public static final DomainSigning USUAL =
            new DomainSigning(Canonicalization.RELAXED, Canonicalization.RELAXED, Optional.empty());

    /** A signature must outlive the queue of whoever is slow. */
    public static final Duration MIN_EXPIRY = Duration.ofHours(1);

    public DomainSigning {
        if (expiry.filter(it -> it.compareTo(MIN_EXPIRY) < 0).isPresent()) {
            throw new IllegalArgumentException("signatures that are good for " + expiry.get());
        }
    }

    /** As the signer wants it. */
    public SigningOptions options() {
        SigningOptions forms = SigningOptions.DEFAULT.with(header, body);
        return expiry.map(forms::lasting).orElse(forms);
    }
}
