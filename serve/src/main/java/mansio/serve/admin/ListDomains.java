package mansio.serve.admin;

import mansio.state.directory.DomainInfo;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code domain list}, a page of it.
 *
 * @param skip how many were shown already
 */
public record ListDomains(int skip) implements Operation<ListDomains.Domains> {
    private static final int PAGE = 1_000;

    /**
     * Some of them, in the order of their names.
     *
     * @param more there are others behind these
     */
    public record Domains(List<DomainFacts> domains, boolean more) implements Answer {
        public Domains {
            domains = List.copyOf(domains);
        }

        /** These and those of the next page. */
        public Domains with(Domains next) {
            List<DomainFacts> all = new ArrayList<>(domains);
            all.addAll(next.domains);
            return new Domains(all, next.more);
        }

        @Override
        public List<String> lines() {
            if (domains.isEmpty()) return List.of("There are no domains yet.");
            return domains.stream()
                    .map(
                            it ->
                                    "%-40s %5d accounts %5d aliases"
                                            .formatted(
                                                    it.domain().toUnicode(),
                                                    it.accounts(),
                                                    it.aliases()))
                    .toList();
        }
    }

    @Override
    public Outcome<Domains> run(Rooms rooms) throws IOException {
        List<DomainInfo> all = rooms.names().editor().domains();
        List<DomainFacts> page = all.stream().skip(skip).limit(PAGE).map(DomainFacts::of).toList();
        return Outcome.done(new Domains(page, all.size() > skip + page.size()));
    }
}
