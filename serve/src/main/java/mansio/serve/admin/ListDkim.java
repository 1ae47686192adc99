package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.DkimKeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code dkim list}, a page of it.
 *
 * @param domain empty: all of them
 * @param skip how many were shown already
 */
public record ListDkim(Optional<Domain> domain, int skip) implements Operation<ListDkim.Found> {
    private static final int PAGE = 200;

    /**
     * Some of them, by domain and selector.
     *
     * @param more there are others behind these
     */
    public record Found(List<DkimFacts> keys, boolean more) implements Answer {
        public Found {
            keys = List.copyOf(keys);
        }

        /** These and those of the next page. */
        public Found with(Found next) {
            List<DkimFacts> all = new ArrayList<>(keys);
            all.addAll(next.keys);
            return new Found(all, next.more);
        }

        @Override
        public List<String> lines() {
            return keys.isEmpty()
                    ? List.of("There are no keys.")
                    : keys.stream().map(DkimFacts::line).toList();
        }
    }

    @Override
    public Outcome<Found> run(Rooms rooms) {
        DkimKeys keys = rooms.signing().keys();
        List<DkimKey> all = domain.map(keys::of).orElseGet(keys::all);
        int from = Math.clamp(skip, 0, all.size());
        int to = Math.min(from + PAGE, all.size());
        return Outcome.done(
                new Found(
                        all.subList(from, to).stream().map(it -> DkimFacts.of(it, keys)).toList(),
                        to < all.size()));
    }
}
