package mansio.serve.admin;

import mansio.state.directory.AliasInfo;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code alias list}, a page of it.
 *
 * @param skip how many were shown already
 */
public record ListAliases(int skip) implements Operation<ListAliases.Aliases> {
    private static final int PAGE = 1_000;

    /** Addresses of one page: one alias may have hundreds. */
    private static final int PAGE_TARGETS = 5_000;

    /**
     * Some of them, in order.
     *
     * @param more there are others behind these
     */
    public record Aliases(List<AliasFacts> aliases, boolean more) implements Answer {
        public Aliases {
            aliases = List.copyOf(aliases);
        }

        /** These and those of the next page. */
        public Aliases with(Aliases next) {
            List<AliasFacts> all = new ArrayList<>(aliases);
            all.addAll(next.aliases);
            return new Aliases(all, next.more);
        }

        @Override
        public List<String> lines() {
            if (aliases.isEmpty()) return List.of("There are no aliases.");
            return aliases.stream().map(AliasFacts::line).toList();
        }
    }

    @Override
    public Outcome<Aliases> run(Rooms rooms) throws IOException {
        List<AliasInfo> all = rooms.names().aliases().list(Optional.empty());
        List<AliasFacts> page = new ArrayList<>();
        int targets = 0;
        for (AliasInfo alias : all.subList(Math.clamp(skip, 0, all.size()), all.size())) {
            if (page.size() == PAGE || targets > PAGE_TARGETS) break;
            page.add(AliasFacts.of(alias));
            targets += alias.targets().size();
        }
        return Outcome.done(new Aliases(page, all.size() > skip + page.size()));
    }
}
