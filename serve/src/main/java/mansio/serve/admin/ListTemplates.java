package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.route.RouteTemplate;

import java.util.List;

/** {@code route templates}: what well-known relay services want. */
public record ListTemplates() implements Operation<ListTemplates.Templates> {
    /**
     * One service.
     *
     * @param target as a route's target
     * @param user what the user name is
     */
    public record Service(String target, String service, String user) {}

    /** All of them. */
    public record Templates(List<Service> templates) implements Answer {
        public Templates {
            templates = List.copyOf(templates);
        }

        @Override
        public List<String> lines() {
            return templates.stream()
                    .map(it -> "%-28s %s; user: %s".formatted(it.target, it.service, it.user))
                    .toList();
        }
    }

    @Override
    public Outcome<Templates> run(Rooms rooms) {
        return Outcome.done(
                new Templates(
                        RouteTemplate.ALL.stream()
                                .map(it -> new Service(it.usage(), it.service(), it.user()))
                                .toList()));
    }
}
