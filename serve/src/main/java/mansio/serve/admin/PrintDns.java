package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.DnsAdvice;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.serve.dnshelp.RecordFormat;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.route.Endpoint;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RoutePattern;
import mansio.state.route.RouteTarget;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code dns print}: the records that should be in the DNS.
 *
 * @param domain of ours; empty: all of them
 * @param hostname empty: as it is configured
 * @param addresses the public ones of the server; none: those that are known here
 */
public record PrintDns(Optional<Domain> domain, Optional<Domain> hostname, List<String> addresses)
        implements Operation<PrintDns.Wanted> {
    public PrintDns {
        addresses = List.copyOf(addresses);
    }

    /**
     * The records.
     *
     * @param hostname what the server calls itself
     * @param addresses its public ones
     * @param notes what could not be found out
     */
    public record Wanted(
            List<AdvisedRecord> records,
            Domain hostname,
            List<String> addresses,
            List<String> notes)
            implements Answer {
        public Wanted {
            records = List.copyOf(records);
            addresses = List.copyOf(addresses);
            notes = List.copyOf(notes);
        }

        @Override
        public List<String> lines() {
            return in(RecordFormat.TABLE);
        }

        /** In a form that somebody wants. */
        public List<String> in(RecordFormat format) {
            List<String> lines = new ArrayList<>(format.lines(records));
            String comment = format == RecordFormat.TABLE ? "Note: " : "; Note: ";
            notes.forEach(it -> lines.add(comment + it));
            return lines;
        }
    }

    @Override
    public Outcome<Wanted> run(Rooms rooms) throws IOException {
        List<InetAddress> told = new ArrayList<>();
        for (String text : addresses) {
            Optional<InetAddress> address = address(text);
            if (address.isEmpty()) {
                return Outcome.refused(Problem.INVALID, "'" + text + "' is no IP address");
            }
            told.add(address.get());
        }
        if (domain.isPresent() && !rooms.names().directory().isLocal(domain.get())) {
            return Outcome.refused(
                    Problem.NOT_FOUND, domain.get() + " is no domain of this server");
        }
        Presence known = rooms.presence();
        Presence server =
                new Presence(
                        hostname.orElse(known.hostname()),
                        told.isEmpty() ? known.addresses() : told,
                        known.ports());
        List<Domain> domains =
                domain.isPresent() ? List.of(domain.get()) : rooms.names().directory().domains();
        List<DnsAdvice.Subject> subjects = new ArrayList<>();
        for (Domain each : domains) {
            subjects.add(
                    new DnsAdvice.Subject(
                            each, rooms.signing().keys().of(each), mailing(rooms, each)));
        }
        return Outcome.done(
                new Wanted(
                        DnsAdvice.all(server, subjects),
                        server.hostname(),
                        server.addresses().stream().map(Mailing::text).toList(),
                        notes(server, rooms)));
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> notes(Presence server, Rooms rooms) {
        List<String> notes = new ArrayList<>();
        if (server.addresses().isEmpty()) {
            notes.add(
                    "the public address of this server is not known here, so the records that have"
                            + " it are missing; say it with --ip");
        }
        if (server.hostname().parent().isEmpty()) {
            notes.add(
                    server.hostname()
                            + " is no name that the world can look up; say the server's name with"
                            + " --hostname, or its configuration with --config");
        }
        if (rooms.signing().keys().all().isEmpty()) {
            notes.add("there are no keys for DKIM yet; the server makes them when it starts");
        }
        return notes;
    }

    /** The routes that mail of the domain may take. */
    private static Mailing mailing(Rooms rooms, Domain domain) {
        List<InetAddress> sources = new ArrayList<>();
        List<mansio.codec.text.Host> relays = new ArrayList<>();
        for (RemoteRoute route : rooms.ways().routes().all()) {
            if (!isFor(route.pattern(), domain)) continue;
            switch (route.target()) {
                case RouteTarget.Hold(), RouteTarget.Discard() -> {}
                case RouteTarget.Direct direct -> {
                    route.settings().source().ifPresent(sources::add);
                    direct.fallback().ifPresent(it -> add(it, relays));
                }
                case RouteTarget.Relay relay -> add(relay, relays);
            }
        }
        return new Mailing(sources, relays);
    }

    private static boolean isFor(RoutePattern pattern, Domain domain) {
        return switch (pattern) {
            case RoutePattern.Sender(var address) ->
                    address.domain().filter(domain::equals).isPresent();
            case RoutePattern.SenderDomain(Domain sender) -> sender.equals(domain);
            case RoutePattern.Exact _, RoutePattern.Below _, RoutePattern.All _ -> true;
        };
    }

    private static void add(RouteTarget.Relay relay, List<mansio.codec.text.Host> relays) {
        if (relay.protocol() == RouteTarget.Protocol.LMTP) return;
        for (Endpoint endpoint : relay.hosts()) {
            if (endpoint instanceof Endpoint.Tcp(var host, int _)) relays.add(host);
        }
    }
}
