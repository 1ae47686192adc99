package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.KeyState;
import mansio.state.dkimkey.SenderPattern;
import mansio.state.dkimkey.Sighting;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A key as administrators see it.
 *
 * @param state made, published, active, retiring or retired
 * @param until when it can come to the next state by itself; empty when no time decides
 * @param senders patterns; none: everybody
 * @param name of its TXT record
 * @param record what that says
 * @param seen what the DNS said last; empty when nobody has asked
 */
public record DkimFacts(
        Domain domain,
        String selector,
        String algorithm,
        String state,
        Instant since,
        Optional<Instant> until,
        List<String> senders,
        Optional<String> replaces,
        String name,
        String record,
        Optional<String> seen) {
    public DkimFacts {
        senders = List.copyOf(senders);
    }

    static DkimFacts of(DkimKey key, DkimKeys keys) {
        boolean timed =
                switch (key.state()) {
                    case PUBLISHED, RETIRING -> true;
                    case MADE, ACTIVE, RETIRED -> false;
                };
        return new DkimFacts(
                key.name().domain(),
                key.name().selector(),
                key.algorithm().text(),
                key.state().text(),
                key.life().since().truncatedTo(ChronoUnit.SECONDS),
                timed
                        ? Optional.of(key.life().until().truncatedTo(ChronoUnit.SECONDS))
                        : Optional.empty(),
                key.senders().stream().map(SenderPattern::text).toList(),
                key.replaces(),
                key.name().dnsName(),
                key.record(),
                keys.sighting(key.name()).map(Sighting::sentence));
    }

    /** One line. */
    String line() {
        return "%s %s %s: %s since %s%s%s%s"
                .formatted(
                        domain,
                        selector,
                        algorithm,
                        state,
                        since,
                        until.map(it -> " until " + it).orElse(""),
                        senders.isEmpty() ? "" : ", for " + String.join(" ", senders),
                        seen.map(it -> "; " + it).orElse(""));
    }

    /** What to publish. */
    List<String> recordLines() {
        return List.of("  " + name + " TXT", "    " + record);
    }

    boolean isNew() {
        return state.equals(KeyState.MADE.text());
    }
}
