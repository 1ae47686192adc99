package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.DkimKey.Pace;
import mansio.state.dkimkey.DkimKeys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code dkim rotate}: new keys for a domain.
 *
 * @param now they take over as soon as their records are seen
 */
public record RotateDkim(Domain domain, boolean now) implements Operation<RotateDkim.Rotated> {
    /** The new keys. */
    public record Rotated(List<DkimFacts> keys) implements Answer {
        public Rotated {
            keys = List.copyOf(keys);
        }

        @Override
        public List<String> lines() {
            if (keys.stream().noneMatch(DkimFacts::isNew)) {
                return keys.stream().map(DkimFacts::line).toList();
            }
            List<String> lines = new ArrayList<>();
            lines.add("Publish these records now:");
            keys.forEach(it -> lines.addAll(it.recordLines()));
            lines.add(
                    "The keys take over by themselves when the DNS has them; leave the records of"
                            + " the old ones until mansio dkim list says that they are retired.");
            return lines;
        }
    }

    @Override
    public Outcome<Rotated> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        Outcome<Rotated> rotated =
                keys.rotate(domain, now ? Pace.HURRIED : Pace.PATIENT)
                        .map(
                                made ->
                                        new Rotated(
                                                made.stream()
                                                        .map(it -> DkimFacts.of(it, keys))
                                                        .toList()));
        rooms.signing().wake();
        return rotated;
    }
}
