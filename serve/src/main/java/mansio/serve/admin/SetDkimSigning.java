package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.DomainSigning;
import mansio.trust.dkim.Canonicalization;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code dkim signing}: how mail of a domain is signed.
 *
 * @param header simple or relaxed; empty: as it is
 * @param body simple or relaxed; empty: as it is
 * @param expirySeconds how long a signature holds; 0 for ever; empty: as it is
 */
public record SetDkimSigning(
        Domain domain, Optional<String> header, Optional<String> body, Optional<Long> expirySeconds)
        implements Operation<ShowDkim.Shown> {
    private static final long MAX_EXPIRY = Duration.ofDays(365).toSeconds();

    @Override
    public Outcome<ShowDkim.Shown> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        DomainSigning now = keys.signing(domain);
        Optional<Canonicalization> ofHeader = form(header, now.header());
        Optional<Canonicalization> ofBody = form(body, now.body());
        if (ofHeader.isEmpty() || ofBody.isEmpty()) {
            return Outcome.refused(Problem.INVALID, "header and body are simple or relaxed");
        }
        long seconds =
                expirySeconds.orElseGet(() -> now.expiry().map(Duration::toSeconds).orElse(0L));
        boolean fits =
                seconds == 0
                        || (seconds >= DomainSigning.MIN_EXPIRY.toSeconds()
                                && seconds <= MAX_EXPIRY);
        if (!fits) {
            return Outcome.refused(
                    Problem.INVALID, "a signature holds for an hour at least and a year at most");
        }
        Optional<Duration> expiry =
                seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
        return keys.setSigning(domain, new DomainSigning(ofHeader.get(), ofBody.get(), expiry))
                .map(it -> ShowDkim.shown(List.of(), it));
    }

    private static Optional<Canonicalization> form(
            Optional<String> text, Canonicalization otherwise) {
        if (text.isEmpty()) return Optional.of(otherwise);
        for (Canonicalization it : Canonicalization.values()) {
            if (it.text().equalsIgnoreCase(text.get())) return Optional.of(it);
        }
        return Optional.empty();
    }
}
