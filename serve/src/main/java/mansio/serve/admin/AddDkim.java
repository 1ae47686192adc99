package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.DkimKeys.Wish;
import mansio.state.dkimkey.KeyAlgorithm;
import mansio.state.dkimkey.SenderPattern;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code dkim add}: one more key.
 *
 * @param selector empty: one is made up
 * @param senders whom it is for; nobody: everybody
 */
public record AddDkim(
        Domain domain, Optional<String> selector, String algorithm, List<String> senders)
        implements Operation<AddDkim.Added> {
    public AddDkim {
        senders = List.copyOf(senders);
    }

    /** It is there. */
    public record Added(DkimFacts key) implements Answer {
        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>(List.of(key.line()));
            if (key.isNew()) {
                lines.add("Publish this record; the key signs when the DNS has it:");
                lines.addAll(key.recordLines());
            }
            return lines;
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        Optional<KeyAlgorithm> kind = KeyAlgorithm.parse(algorithm);
        if (kind.isEmpty()) {
            return Outcome.refused(
                    Problem.INVALID,
                    "'%s' is none of %s"
                            .formatted(
                                    algorithm,
                                    String.join(
                                            ", ",
                                            KeyAlgorithm.MADE.stream()
                                                    .map(KeyAlgorithm::text)
                                                    .toList())));
        }
        return switch (patterns(senders)) {
            case Outcome.Refused<List<SenderPattern>>(Problem problem, String sentence) ->
                    Outcome.refused(problem, sentence);
            case Outcome.Done<List<SenderPattern>>(List<SenderPattern> whom) ->
                    keys.add(domain, new Wish(selector, kind.get(), whom))
                            .map(key -> new Added(DkimFacts.of(key, keys)));
        };
    }

    static Outcome<List<SenderPattern>> patterns(List<String> texts) {
        List<SenderPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            Optional<SenderPattern> pattern = SenderPattern.parse(text);
            if (pattern.isEmpty()) {
                return Outcome.refused(
                        Problem.INVALID,
                        "'" + text + "' is no pattern of senders, such as news-*@example.org");
            }
            patterns.add(pattern.get());
        }
        return Outcome.done(patterns);
    }
}
