package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code rewrite list}, a page of it.
 *
 * @param skip how many were shown already
 */
public record ListRewrites(int skip) implements Operation<ListRewrites.Found> {
    private static final int PAGE = 500;

    /**
     * Some of them: canonical rules first, each kind in the order of its patterns.
     *
     * @param more there are others behind these
     */
    public record Found(List<RewriteFacts> rules, boolean more) implements Answer {
        public Found {
            rules = List.copyOf(rules);
        }

        /** These and those of the next page. */
        public Found with(Found next) {
            List<RewriteFacts> all = new ArrayList<>(rules);
            all.addAll(next.rules);
            return new Found(all, next.more);
        }

        @Override
        public List<String> lines() {
            return rules.isEmpty()
                    ? List.of("There are no rules.")
                    : rules.stream().map(RewriteFacts::line).toList();
        }
    }

    @Override
    public Outcome<Found> run(Rooms rooms) {
        List<RewriteFacts> all =
                rooms.ways().rewrites().all().stream().map(RewriteFacts::of).toList();
        int from = Math.clamp(skip, 0, all.size());
        int to = Math.min(from + PAGE, all.size());
        return Outcome.done(new Found(all.subList(from, to), to < all.size()));
    }
}
