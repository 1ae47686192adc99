package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.outbound.Outbound;
import mansio.serve.outbound.Trial;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.queue.Carrier.Lane;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RoutePattern;
import mansio.state.route.RouteTarget;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code route test}: goes the way that mail would go, up to MAIL, or to RCPT with an envelope.
 *
 * @param subject an address, a domain, or the pattern of a route
 * @param from the sender to ask for
 * @param to the recipient to ask for; empty with a sender for the subject, if that is an address
 */
public record TestRoute(String subject, Optional<Address> from, Optional<Address> to)
        implements Operation<TestRoute.Tested> {
    /** What came of it. */
    public record Tested(Trial trial) implements Answer {
        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("Lane: " + trial.lane());
            for (Trial.Host host : trial.hosts()) {
                if (host.port() == 0) {
                    lines.add("  socket " + host.name());
                    continue;
                }
                lines.add(
                        "  host %s:%d, preference %d, %s, DNSSEC %s"
                                .formatted(
                                        host.name(),
                                        host.port(),
                                        host.preference(),
                                        String.join(" ", host.addresses()),
                                        host.dnssec()));
            }
            trial.notes().forEach(note -> lines.add("  note: " + note));
            for (Trial.Tried tried : trial.tried()) {
                lines.add("  tried " + tried.place());
                tried.dialogue().forEach(line -> lines.add("  " + line));
                lines.add("  failed: " + tried.failure());
            }
            trial.session().ifPresent(session -> add(lines, session));
            lines.add((trial.works() ? "Good: " : "No: ") + trial.outcome() + ".");
            trial.help().ifPresent(lines::add);
            return lines;
        }

        private static void add(List<String> lines, Trial.Session session) {
            session.dialogue().forEach(line -> lines.add("  " + line));
            lines.add("  TLS: " + session.tls().orElse("none"));
            session.user().ifPresent(user -> lines.add("  logged in as " + user));
        }

        @Override
        public boolean satisfied() {
            return trial.works();
        }
    }

    @Override
    public Outcome<Tested> run(Rooms rooms) throws IOException {
        Optional<Outbound> outbound = rooms.ways().outbound();
        if (outbound.isEmpty()) {
            return Outcome.refused(
                    Problem.UNSUPPORTED, "a way is tested by the server; it does not run");
        }
        Optional<Lane> lane = lane(rooms, outbound.get());
        if (lane.isEmpty()) {
            return Outcome.refused(
                    Problem.INVALID,
                    "'" + subject + "' is no address, no domain and no route to a relay");
        }
        return Outcome.done(new Tested(outbound.get().probe(lane.get(), asked())));
    }

    private Optional<Trial.Asked> asked() {
        if (from.isEmpty() && to.isEmpty()) return Optional.empty();
        return Optional.of(new Trial.Asked(from, to.or(() -> Address.tryParse(subject))));
    }

    private Optional<Lane> lane(Rooms rooms, Outbound outbound) {
        Optional<RemoteRoute> route =
                RoutePattern.parse(subject)
                        .flatMap(it -> rooms.ways().routes().named(it.text()))
                        .filter(it -> !(it.target() instanceof RouteTarget.Direct));
        if (route.isPresent()) return route.map(it -> new Lane(it.name(), ""));
        return Address.tryParse(subject)
                .or(() -> Domain.tryParse(subject).map(it -> Address.of("postmaster", it)))
                .map(it -> outbound.lane(from, it));
    }
}
