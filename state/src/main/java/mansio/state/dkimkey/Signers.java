package mansio.state.dkimkey;

import mansio.codec.text.Domain;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;

import java.util.List;
import java.util.Optional;

/**
 * With what a message is to be signed.
 *
 * @param keys empty: it leaves unsigned
 * @param domain whose keys they are; empty when there is none for the sender
 * @param options how the domain wants it
 * @param troubles why there is no key, or which ones should have been and cannot: a sentence each
 */
public record Signers(
        List<SigningKey> keys,
        Optional<Domain> domain,
        SigningOptions options,
        List<String> troubles) {
    public Signers {
        keys = List.copyOf(keys);
        troubles = List.copyOf(troubles);
    }

    static Signers none(String reason) {
        return new Signers(List.of(), Optional.empty(), SigningOptions.DEFAULT, List.of(reason));
    }
}
