package mansio.serve.admin;

import mansio.state.directory.DomainInfo;
import mansio.state.directory.Outcome;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueSummary;
import mansio.state.store.Stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code status}. */
public record Status() implements Operation<Status.Report> {
    private static final int PAGE = 500;

    /** Counting goes no further. */
    private static final int MAX_COUNTED = 20_000;

    /** Lanes that are looked at, those with the most mail. */
    private static final int MAX_LANES = 10_000;

    private static final int MAX_HELD = 20;

    /**
     * How things stand.
     *
     * @param server empty when none runs
     * @param queued messages in the queue, counted up to 20,000
     * @param held ways that a person has to do something about, those with the most mail first
     */
    public record Report(
            String version,
            Path folder,
            Optional<ServerFacts> server,
            int queued,
            List<HeldLane> held,
            int domains,
            int accounts,
            int storeFormat,
            long freeBytes)
            implements Answer {
        public Report {
            held = List.copyOf(held);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(
                    server.map(it -> "Mansio " + version + " is running, " + it.sentence())
                            .orElse("Mansio " + version + " is not running."));
            server.ifPresent(
                    it ->
                            it.listeners()
                                    .forEach(
                                            door ->
                                                    lines.add(
                                                            "  %-12s %s"
                                                                    .formatted(
                                                                            door.protocol(),
                                                                            door.at()))));
            server.ifPresent(it -> lines.add("connections  " + it.openConnections()));
            lines.add("queue        " + queued + (queued == MAX_COUNTED ? " or more" : ""));
            for (HeldLane lane : held) {
                lines.add(
                        "held         %d by %s: %s"
                                .formatted(lane.messages(), lane.lane(), lane.reason()));
            }
            lines.add("domains      " + domains);
            lines.add("accounts     " + accounts);
            lines.add("data         " + folder + " (format " + storeFormat + ")");
            lines.add("free space   " + (freeBytes >> 20) + " MiB");
            return lines;
        }
    }

    /** Mail that waits for a person: a relay host refuses our log-in, or a route holds it. */
    public record HeldLane(String lane, int messages, String reason) {}

    /** The running server. */
    public record ServerFacts(
            long pid,
            Instant since,
            long upSeconds,
            List<RunningServer.Door> listeners,
            int openConnections) {
        public ServerFacts {
            listeners = List.copyOf(listeners);
        }

        private String sentence() {
            Duration up = Duration.ofSeconds(upSeconds);
            return "pid %d, up %d d %d h %d min %d s."
                    .formatted(
                            pid,
                            up.toDays(),
                            up.toHoursPart(),
                            up.toMinutesPart(),
                            up.toSecondsPart());
        }
    }

    @Override
    public Outcome<Report> run(Rooms rooms) throws IOException {
        Rooms.Site site = rooms.site();
        List<DomainInfo> domains = rooms.names().editor().domains();
        return Outcome.done(
                new Report(
                        site.version(),
                        site.folder().toAbsolutePath(),
                        site.server().map(server -> facts(server, rooms.time().now())),
                        queued(rooms.mail().queue()),
                        site.server().isPresent() ? held(rooms.mail().queue()) : List.of(),
                        domains.size(),
                        domains.stream().mapToInt(DomainInfo::accounts).sum(),
                        Stores.FORMAT,
                        Files.getFileStore(site.folder()).getUsableSpace()));
    }

    private static ServerFacts facts(RunningServer server, Instant now) {
        return new ServerFacts(
                ProcessHandle.current().pid(),
                server.since(),
                Math.max(0, Duration.between(server.since(), now).toSeconds()),
                server.doors(),
                server.openConnections());
    }

    private static List<HeldLane> held(Queue queue) {
        return queue.operations().summary(MAX_LANES).lanes().stream()
                .filter(it -> it.state() == QueueSummary.State.HELD && it.counts().waiting() > 0)
                .limit(MAX_HELD)
                .map(it -> new HeldLane(it.lane(), it.counts().waiting(), it.reason()))
                .toList();
    }

    private static int queued(Queue queue) throws IOException {
        int count = 0;
        List<QueueEntry> page = queue.list(Queue.FIRST, PAGE);
        while (!page.isEmpty() && count < MAX_COUNTED) {
            count += page.size();
            page = queue.list(page.getLast().id(), PAGE);
        }
        return Math.min(count, MAX_COUNTED);
    }
}
