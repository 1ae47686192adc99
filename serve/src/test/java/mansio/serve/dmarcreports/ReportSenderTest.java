package mansio.serve.dmarcreports;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.MessageParser;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Work;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.dmarcstore.Observation;
import mansio.state.dmarcstore.Observations;
import mansio.state.dmarcstore.OwedReport;
import mansio.state.dmarcstore.OwedReports;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Courier;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.ContentReader;
import mansio.state.store.Key;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.Stories;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.ReportLimits;
import mansio.trust.dmarcreport.ReportMail;
import mansio.trust.psl.PublicSuffixes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/**
 * Days of mail in simulated time, with programs that are killed and clocks that jump. The domains
 * that want reports have an account here for them, so that what is sent arrives.
 */
class ReportSenderTest {
    private static final int LIVES = 5;
    private static final List<String> DOMAINS = List.of("a.com", "b.com", "c.com");
    private static final PublicSuffixes SUFFIXES =
            PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
    private static final Duration DAY = Duration.ofDays(1);

    /** Mailboxes, outside of what is killed. They keep receipts. */
    private final Map<QueueId, byte[]> mailbox = new HashMap<>();

    /** By the number of a message, when it was counted. */
    private final Map<Integer, Long> counted = new HashMap<>();

    /** Numbers of messages that were counted within a minute or so before a crash. */
    private final Set<Integer> perhapsLost = new HashSet<>();

    private final MemoryDisk disk = new MemoryDisk();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private int next;

    static LongStream seeds() {
        return Seeds.of(6);
    }

    /** A program. */
    private final class Life {
        final Simulation simulation;
        final Store store;
        final Observations observations;
        final OwedReports owed;
        final ReportSender sender;
        final Queue queue;
        final FakeDns dns;

        Life(Simulation simulation, Simulation.Node node) throws IOException {
            this.simulation = simulation;
            store =
                    new Stores(
                                    new Surroundings(
                                            simulation.time(),
                                            node,
                                            simulation.random(),
                                            (_, _) -> {}))
                            .memory(disk);
            StoredDirectory directory = directory();
            Courier courier = this::deliver;
            queue = new Queue(store, 2, courier, new Queue.Around(simulation.time(), node));
            owed = new OwedReports(store.partition(PartitionId.REPORTS));
            observations = new Observations(owed, simulation.time());
            dns = new FakeDns(simulation.time(), simulation.random());
            dns.zone(
                    "com.",
                    """
                    com. SOA ns. h. 1 1 1 1 300
                    a.com._report._dmarc.here.com. TXT "v=DMARC1"
                    b.com._report._dmarc.here.com. TXT "v=DMARC1"
                    c.com._report._dmarc.here.com. TXT "v=DMARC1"
                    """);
            sender =
                    new ReportSender(
                            new ReportSender.Kept(
                                    observations,
                                    owed,
                                    directory,
                                    queue,
                                    new Stories(
                                            Queue.shardPartitions(store, 2),
                                            simulation.time(),
                                            Duration.ofDays(30)),
                                    store.blobs()),
                            new ReportDestinations(dns, Discovery.TREE_WALK_AND_LIST, SUFFIXES),
                            new SenderSettings(Domain.parse("mx.here.com"), Optional.empty()),
                            simulation.time());
            queue.start();
            sender.start(node);
        }

        private StoredDirectory directory() throws IOException {
            StoredDirectory directory =
                    StoredDirectory.open(
                            store.partition(PartitionId.DIRECTORY),
                            simulation.time(),
                            simulation.random());
            if (directory.domains().isEmpty()) {
                PasswordHasher hasher =
                        new PasswordHasher(
                                new Argon2Hash.Costs(8, 1, 1),
                                64,
                                Work.INLINE,
                                simulation.random());
                PasswordMaker maker =
                        new PasswordMaker(hasher, PasswordSettings.DEFAULT, simulation.random());
                DirectoryEditor editor =
                        new DirectoryEditor(
                                directory, maker, simulation.time(), simulation.random());
                done(editor.addDomain(Domain.parse("here.com")));
                done(editor.addAccount(Address.parse("reports@here.com"), Optional.empty()));
            }
            return directory;
        }

        private Courier.Delivery deliver(
                QueueEntry entry, Recipient to, Optional<Courier.Arrival> arrival)
                throws IOException {
            simulation.maybeYield();
            byte[] bytes = new byte[(int) entry.content().length()];
            ContentReader in = new ContentReader(store.blobs(), entry.content());
            int length = 0;
            while (length < bytes.length) length += in.read(bytes, length, bytes.length - length);
            mailbox.putIfAbsent(entry.id(), bytes);
            lock.lock();
            try {
                arrived.signalAll();
            } finally {
                lock.unlock();
            }
            return new Courier.Delivery("INBOX");
        }

        void count() {
            counted.put(next, simulation.time().nanos());
            observations.record(seen(DOMAINS.get(next % DOMAINS.size()), next));
            next++;
        }
    }

    private static void done(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachMessageIsReportedOnceWhateverHappens(long seed) {
        mailbox.clear();
        counted.clear();
        Simulation.run(seed, this::lives);
    }

    private void lives(Simulation simulation) throws Exception {
        for (int life = 0; life < LIVES; life++) {
            Simulation.Node node = simulation.node("life" + life);
            node.start("mail", () -> live(simulation, node));
            Duration most = Duration.ofMinutes(simulation.random().nextInt(1, 2_000));
            if (simulation.random().nextBoolean()) {
                simulation.time().sleep(most);
            } else {
                waitForReport(simulation, most);
            }
            node.kill();
            long now = simulation.time().nanos();
            counted.forEach(
                    (number, at) -> {
                        if (now - at < Duration.ofSeconds(90).toNanos()) perhapsLost.add(number);
                    });
            disk.crash(simulation.random());
            int hours = simulation.random().nextInt(-30, 60);
            if (simulation.random().nextBoolean())
                simulation.moveWallClock(Duration.ofHours(hours));
        }
        Life last = new Life(simulation, simulation.node("last"));
        simulation.time().sleep(Duration.ofDays(5));
        last.sender.close();
        last.queue.close();
        assertThat(last.owed.planned()).isEmpty();
        assertThat(last.owed.over(simulation.time().now().plus(DAY), Optional.empty())).isEmpty();
        List<Integer> told = told();
        assertThat(told).doesNotHaveDuplicates();
        Set<Integer> missing = new HashSet<>(counted.keySet());
        missing.removeAll(told);
        assertThat(counted.size()).isGreaterThan(100);
        assertThat(perhapsLost).containsAll(missing);
        assertThat(Set.copyOf(ids())).as("report ids").hasSize(mailbox.size());
    }

    /** The moment at which a program knows least: the queue has the report, and who else knows? */
    private void waitForReport(Simulation simulation, Duration most) {
        lock.lock();
        try {
            int before = mailbox.size();
            long deadline = simulation.time().deadline(most);
            while (mailbox.size() == before && simulation.time().await(lock, arrived, deadline)) {
                // Woken early: wait on.
            }
        } finally {
            lock.unlock();
        }
    }

    private void live(Simulation simulation, Simulation.Node node) {
        try {
            Life life = new Life(simulation, node);
            while (true) {
                simulation.time().sleep(Duration.ofSeconds(simulation.random().nextInt(1, 1_000)));
                life.count();
                if (simulation.random().nextInt(200) == 0)
                    simulation.moveWallClock(
                            Duration.ofHours(simulation.random().nextInt(-30, 30)));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Integer> told() {
        List<Integer> numbers = new ArrayList<>();
        for (byte[] message : mailbox.values()) {
            for (Row row : report(message).rows()) {
                assertThat(row.count()).isOne();
                byte[] octets = row.source().getAddress();
                numbers.add((octets[2] & 0xff) << 8 | (octets[3] & 0xff));
            }
        }
        return numbers;
    }

    private List<String> ids() {
        return mailbox.values().stream().map(it -> report(it).metadata().id()).toList();
    }

    private static AggregateReport report(byte[] message) {
        assertThat(MessageParser.parse(message).oddities()).isEmpty();
        ReportMail.Content content = ReportMail.read(message, ReportLimits.USUAL);
        assertThat(content).isInstanceOf(ReportMail.Content.Aggregate.class);
        return ((ReportMail.Content.Aggregate) content).report();
    }

    @Test
    void aReportLooksAsItShould() {
        Simulation.run(
                1,
                simulation -> {
                    Life life = new Life(simulation, simulation.node("one"));
                    life.count();
                    simulation.time().sleep(Duration.ofMinutes(2));
                    simulation.time().sleep(DAY.plusHours(5));
                    life.sender.close();
                    life.queue.close();
                });
        assertThat(mailbox).hasSize(1);
        String text = new String(mailbox.values().iterator().next(), StandardCharsets.UTF_8);
        AggregateReport report = report(mailbox.values().iterator().next());
        String id = report.metadata().id();
        assertThat(text.replace("\r\n ", " "))
                .contains("From: DMARC reports <dmarc-reports@here.com>\r\n")
                .contains("To: <reports@here.com>\r\n")
                .contains(
                        "Subject: Report Domain: a.com Submitter: here.com Report-ID: <"
                                + id
                                + ">\r\n")
                .contains("Auto-Submitted: auto-generated\r\n")
                .contains("Content-Type: application/gzip;")
                .contains("filename=\"here.com!a.com!1767225600!1767311999.xml.gz\"");
        assertThat(report.metadata().organization()).isEqualTo("here.com");
        assertThat(report.metadata().email()).isEqualTo("dmarc-reports@here.com");
        assertThat(report.published().domain()).isEqualTo("a.com");
    }

    @Test
    void sizesAndPermissionsAreHonoured() {
        Simulation.run(
                1,
                simulation -> {
                    Life life = new Life(simulation, simulation.node("one"));
                    // Too small for any report; nobody there; no permission; not by mail.
                    life.observations.record(seen("a.com", 1, "mailto:reports@here.com!9"));
                    life.observations.record(seen("b.com", 2, "mailto:nobody@here.com"));
                    life.observations.record(seen("d.com", 3, "mailto:reports@here.com"));
                    life.observations.record(seen("e.com", 4, "https://here.com/"));
                    life.observations.record(seen("c.com", 5, "mailto:reports@here.com!10k"));
                    simulation.time().sleep(DAY.plusHours(5));
                    life.sender.close();
                    life.queue.close();
                    assertThat(life.owed.over(simulation.time().now(), Optional.empty())).isEmpty();
                    assertThat(life.owed.planned()).isEmpty();
                });
        assertThat(told()).containsExactly(5);
    }

    @Test
    void aDnsThatFailsIsWaitedForAndNotForever() {
        Simulation.run(
                1,
                simulation -> {
                    Life life = new Life(simulation, simulation.node("one"));
                    String a = "a.com._report._dmarc.here.com";
                    String b = "b.com._report._dmarc.here.com";
                    life.dns.behave(a, Behaviour.of(Behaviour.Kind.SERVFAIL));
                    life.dns.behave(b, Behaviour.of(Behaviour.Kind.SERVFAIL));
                    life.observations.record(seen("a.com", 1));
                    life.observations.record(seen("b.com", 2));
                    simulation.time().sleep(DAY.multipliedBy(3));
                    assertThat(life.owed.over(simulation.time().now(), Optional.empty()))
                            .hasSize(2);
                    life.dns.behaveWell(a);
                    simulation.time().sleep(DAY.multipliedBy(2));
                    assertThat(life.owed.over(simulation.time().now(), Optional.empty())).isEmpty();
                    life.sender.close();
                    life.queue.close();
                });
        assertThat(told()).containsExactly(1);
    }

    /** One that cannot be read is given up in the end, and keeps no other waiting meanwhile. */
    @Test
    void aBrokenReportIsAlone() {
        Simulation.run(
                1,
                simulation -> {
                    Life life = new Life(simulation, simulation.node("one"));
                    life.observations.record(seen("a.com", 1));
                    life.observations.record(seen("b.com", 2));
                    life.observations.record(seen("c.com", 3));
                    life.observations.flush();
                    OwedReport broken =
                            life.owed
                                    .over(simulation.time().now().plus(DAY), Optional.empty())
                                    .getFirst();
                    assertThat(broken.published().domain()).isEqualTo("a.com");
                    byte[] ofNoFormat = {99};
                    life.store
                            .partition(PartitionId.REPORTS)
                            .write(
                                    turn -> {
                                        Key rows = Key.table(2).u64(broken.series());
                                        turn.put(rows.raw(new byte[16]), ofNoFormat);
                                        return true;
                                    });
                    simulation.time().sleep(DAY.plusHours(5));
                    assertThat(told()).containsExactlyInAnyOrder(2, 3);
                    assertThat(life.owed.planned()).hasSize(1);
                    simulation.time().sleep(DAY.multipliedBy(3));
                    assertThat(life.owed.planned()).isEmpty();
                    life.sender.close();
                    life.queue.close();
                });
    }

    @Test
    void slowNameServersAreGivenOneTime() {
        Simulation.run(
                1,
                simulation -> {
                    Life life = new Life(simulation, simulation.node("one"));
                    life.dns.behave("*.slow.com", Behaviour.of(Behaviour.Kind.DROP));
                    List<ReportUri> many = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        many.add(ReportUri.parse("mailto:r@h" + i + ".slow.com").orElseThrow());
                    }
                    Published published = seen("a.com", 1).published();
                    OwedReport report =
                            new OwedReport(
                                    1,
                                    (int) simulation.time().now().getEpochSecond() / 86_400,
                                    published,
                                    many,
                                    1,
                                    0);
                    long before = simulation.time().nanos();
                    assertThat(
                                    new Addressees(
                                                    new ReportDestinations(
                                                            life.dns,
                                                            Discovery.TREE_WALK_AND_LIST,
                                                            SUFFIXES),
                                                    simulation.time())
                                            .decide(report))
                            .isInstanceOf(Addressees.Decision.Later.class);
                    assertThat(Duration.ofNanos(simulation.time().nanos() - before))
                            .isLessThan(Duration.ofSeconds(30));
                    life.sender.close();
                    life.queue.close();
                });
    }

    @Test
    void theBoundaryIsShortWhateverTheHostIsCalled() {
        String host = "x".repeat(60) + ".example.org";
        ReportMessage message =
                new ReportMessage(
                        Address.parse("dmarc-reports@example.org"),
                        List.of(Address.parse("r@a.com")),
                        "report.1234567890123@" + host,
                        Instant.EPOCH,
                        new AggregateReport(
                                new AggregateReport.Metadata(
                                        "o",
                                        "e",
                                        "",
                                        "id",
                                        Instant.EPOCH,
                                        Instant.EPOCH,
                                        List.of()),
                                seen("a.com", 1).published(),
                                List.of(seen("a.com", 1).row())),
                        new byte[9]);
        assertThat(
                        MessageParser.parse(message.bytes())
                                .root()
                                .contentType()
                                .parameters()
                                .value("boundary"))
                .hasValueSatisfying(it -> assertThat(it).hasSizeLessThanOrEqualTo(70));
    }

    private static Observation seen(String domain, int number) {
        return seen(domain, number, "mailto:reports@here.com");
    }

    private static Observation seen(String domain, int number, String destination) {
        InetAddress source = InetAddress.ofLiteral("10.0." + number / 256 + "." + number % 256);
        return new Observation(
                new Published(
                        domain,
                        Alignment.RELAXED,
                        Alignment.RELAXED,
                        Policy.NONE,
                        Policy.NONE,
                        Optional.empty(),
                        100,
                        false,
                        "0"),
                List.of(ReportUri.parse(destination).orElseThrow()),
                new Row(
                        source,
                        1,
                        Policy.NONE,
                        true,
                        true,
                        List.of(),
                        new Identifiers("", domain, domain),
                        List.of(),
                        List.of()));
    }
}
