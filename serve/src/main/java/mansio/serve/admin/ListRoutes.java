package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.route.Detours.Detour;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code route list}, a page of it.
 *
 * @param skip how many were shown already
 */
public record ListRoutes(int skip) implements Operation<ListRoutes.Found> {
    private static final int PAGE = 500;
    private static final int MAX_AROUND = 200;

    /**
     * A site that refused us and is gone around.
     *
     * @param until when the direct way is tried again
     */
    public record Around(String site, Instant since, Instant until, String reason) {
        static Around of(Detour detour) {
            return new Around(detour.site(), detour.since(), detour.until(), detour.reason());
        }
    }

    /**
     * Some of them, in the order of their names.
     *
     * @param around the newest sites that are gone around; on the last page
     * @param more there are others behind these
     */
    public record Found(List<RouteFacts> routes, List<Around> around, boolean more)
            implements Answer {
        public Found {
            routes = List.copyOf(routes);
            around = List.copyOf(around);
        }

        /** These and those of the next page. */
        public Found with(Found next) {
            List<RouteFacts> all = new ArrayList<>(routes);
            all.addAll(next.routes);
            return new Found(all, next.around, next.more);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            if (routes.isEmpty()) lines.add("There are no routes.");
            routes.forEach(route -> lines.add(route.line()));
            for (Around site : around) {
                lines.add(
                        "  until %s by the fallback: %s, which said: %s"
                                .formatted(Times.second(site.until), site.site, site.reason));
            }
            return lines;
        }
    }

    @Override
    public Outcome<Found> run(Rooms rooms) throws IOException {
        List<RouteFacts> all = rooms.ways().routes().all().stream().map(RouteFacts::of).toList();
        int from = Math.clamp(skip, 0, all.size());
        int to = Math.min(from + PAGE, all.size());
        boolean more = to < all.size();
        List<Around> around =
                more
                        ? List.of()
                        : rooms.ways().detours().all().stream()
                                .limit(MAX_AROUND)
                                .map(Around::of)
                                .toList();
        return Outcome.done(new Found(all.subList(from, to), around, more));
    }
}
