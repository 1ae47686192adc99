package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.DomainSigning;
import mansio.state.dkimkey.KeyName;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code dkim show}: the records of the keys, and how mail is signed.
 *
 * @param selector empty: all keys of the domain
 */
public record ShowDkim(Domain domain, Optional<String> selector)
        implements Operation<ShowDkim.Shown> {
    /**
     * How it is.
     *
     * @param canonicalization of header and body, as {@code c=} says it
     * @param expirySeconds empty: signatures hold for ever
     */
    public record Shown(List<DkimFacts> keys, String canonicalization, Optional<Long> expirySeconds)
            implements Answer {
        public Shown {
            keys = List.copyOf(keys);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (DkimFacts key : keys) {
                lines.add(key.line());
                lines.addAll(key.recordLines());
            }
            lines.add(
                    "Signed "
                            + canonicalization
                            + expirySeconds.map(it -> ", for " + it + " seconds").orElse("")
                            + ".");
            return lines;
        }
    }

    @Override
    public Outcome<Shown> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        Optional<KeyName> name = selector.flatMap(it -> KeyName.of(domain, it));
        List<DkimFacts> found =
                keys.of(domain).stream()
                        .filter(it -> selector.isEmpty() || name.equals(Optional.of(it.name())))
                        .map(it -> DkimFacts.of(it, keys))
                        .toList();
        if (found.isEmpty()) {
            return Outcome.refused(
                    Problem.NOT_FOUND,
                    selector.map(it -> "there is no key " + it + " of " + domain)
                            .orElse("there is no key of " + domain));
        }
        return Outcome.done(shown(found, keys.signing(domain)));
    }

    static Shown shown(List<DkimFacts> keys, DomainSigning signing) {
        return new Shown(
                keys,
                signing.header().text() + "/" + signing.body().text(),
                signing.expiry().map(Duration::toSeconds));
    }
}
