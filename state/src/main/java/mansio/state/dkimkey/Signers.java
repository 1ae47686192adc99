package mansio.state.dkimkey;

import mansio.codec.text.Domain;

import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;

/**
 * With what a message is to be signed.
 *
 * @param signers empty: it leaves unsigned
 * @param domain whose keys they are; empty when there is none for the sender
 * @param how the domain wants it
 * @param troubles why there is no signer, or which keys should have been and cannot: a sentence
 *     each
 */
public record Signers(
        List<Signer> signers, Optional<Domain> domain, DomainSigning how, List<String> troubles) {
    /** A key that signs, with its secret. */
    public record Signer(DkimKey key, PrivateKey secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return key.toString();
        }
    }

    public Signers {
        signers = List.copyOf(signers);
        troubles = List.copyOf(troubles);
    }

    static Signers none(String reason) {
        return new Signers(List.of(), Optional.empty(), DomainSigning.USUAL, List.of(reason));
    }
}
