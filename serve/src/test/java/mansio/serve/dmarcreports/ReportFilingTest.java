package mansio.serve.dmarcreports;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.state.directory.Account;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.Route;
import mansio.state.directory.StoredDirectory;
import mansio.state.dmarcstore.ReceivedReport;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.dmarcstore.ReceivedReports.Days;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;
import mansio.trust.dmarcreport.AggregateWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

class ReportFilingTest {
    private static final Domain OURS = Domain.parse("example.org");
    private static final String ROLE = "dmarc-reports@example.org";

    private final FakeTime time = new FakeTime();
    private final Random random = new Random(7);
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), random, (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final ReceivedReports received =
            new ReceivedReports(store.partition(PartitionId.REPORTS));
    private StoredDirectory directory;
    private ReportFiling filing;
    private long ids;

    @BeforeEach
    void people() throws IOException {
        directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, random),
                        PasswordSettings.DEFAULT,
                        random);
        DirectoryEditor editor = new DirectoryEditor(directory, maker, time, random);
        done(editor.addDomain(OURS));
        done(editor.addAccount(Address.parse("anna@example.org"), Optional.empty()));
        filing =
                new ReportFiling(
                        new ReportFiling.Places(received, directory, store.blobs()),
                        new ReportFiling.Settings(
                                Domain.parse("mx.example.org"),
                                Optional.of(Address.parse("anna@example.org"))),
                        time);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static <T> T done(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    @Test
    void aReportIsFiledOnceAndEndsAtTheRole() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        assertThat(take(ROLE, mail)).contains("filed as a DMARC report on example.org");
        assertThat(take(ROLE, mail)).as("again").isPresent();
        List<ReceivedReport> all = all();
        assertThat(all).hasSize(1);
        ReceivedReport filed = all.getFirst();
        assertThat(filed.from().organization()).isEqualTo("there.example");
        assertThat(filed.from().authenticated()).isFalse();
        assertThat(filed.published().policy()).isEqualTo(Policy.QUARANTINE);
        assertThat(filed.sources()).hasSize(1);
        ReceivedReport.Source source = filed.sources().getFirst();
        assertThat(source.count()).isEqualTo(3);
        assertThat(source.names()).isEqualTo(new ReceivedReport.Names("", "list.example", true));
    }

    @Test
    void somebodyWhoHasTheAddressGetsItToo() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        assertThat(take("postmaster@example.org", mail)).isEmpty();
        assertThat(take("anna@example.org", mail)).isEmpty();
        assertThat(all()).hasSize(1);
        done(
                new AliasEditor(directory)
                        .add(
                                new AliasInfo(
                                        Address.parse(ROLE),
                                        List.of(Address.parse("anna@example.org")))));
        assertThat(take(ROLE, mail)).isEmpty();
    }

    @Test
    void othersAreNotLookedAt() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        assertThat(take("abuse@example.org", mail)).isEmpty();
        assertThat(all()).isEmpty();
    }

    @Test
    void whoPassesDmarcIsKnown() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        String field = "Authentication-Results: mx.example.org; dmarc=pass header.from=a.example";
        assertThat(take(ROLE, with(field + "\r\n", mail))).isPresent();
        assertThat(all()).extracting(it -> it.from().authenticated()).containsExactly(true);
        byte[] other = mail(AggregateWriter.gzip(report("two", 3)));
        String foreign = field.replace("mx.example.org", "mx.example.net");
        assertThat(take(ROLE, with(foreign + "\r\n", other))).isPresent();
        assertThat(all())
                .extracting(it -> it.from().authenticated())
                .containsExactlyInAnyOrder(true, false);
    }

    /** A report may call itself what it likes: whose it is says the mail that brought it. */
    @Test
    void aReportIsOfWhoSendsIt() throws IOException {
        String field =
                "Authentication-Results: mx.example.org; dmarc=pass"
                        + " header.from=mx.evil.example\r\n";
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        assertThat(take(ROLE, with(field, mail))).isPresent();
        assertThat(all())
                .extracting(it -> it.from().organization())
                .containsExactly("evil.example");
        // And it is in nobody's way.
        assertThat(take(ROLE, with(field.replace("mx.evil", "there"), mail))).isPresent();
        assertThat(all())
                .extracting(it -> it.from().organization())
                .containsExactlyInAnyOrder("evil.example", "there.example");
    }

    @Test
    void aTrueReversePathIsNoTrueAuthor() throws IOException {
        Source verified =
                new Source("192.0.2.1", "h", "ESMTP", Optional.empty(), "s")
                        .with(Envelope.Right.VERIFIED);
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        assertThat(take(ROLE, mail, verified)).isPresent();
        assertThat(all()).extracting(it -> it.from().authenticated()).containsExactly(false);
    }

    @Test
    void whatPeopleHereSendIsFromNoReceiver() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        Source relayed = new Source("192.0.2.1", "h", "ESMTP", Optional.empty(), "s").own();
        assertThat(take(ROLE, mail, relayed)).isPresent();
        assertThat(all()).extracting(it -> it.from().authenticated()).containsExactly(false);
        Source here = new Source("", "h", "", Optional.empty(), "dmarc-report").own();
        assertThat(take(ROLE, mail, here)).isPresent();
        assertThat(all()).extracting(it -> it.from().organization()).contains("mx.example.org");
    }

    /** Its record would count as the newest one for years. */
    @Test
    void reportsOfTheFutureAreNotFiled() throws IOException {
        AggregateReport report = report("one", 3);
        Metadata about = report.metadata();
        AggregateReport endless =
                new AggregateReport(
                        new Metadata(
                                about.organization(),
                                about.email(),
                                about.contact(),
                                about.id(),
                                about.begin(),
                                about.end().plus(Duration.ofDays(1_000)),
                                List.of()),
                        report.published(),
                        report.rows());
        assertThat(take(ROLE, mail(AggregateWriter.gzip(endless)))).isEmpty();
        assertThat(all()).isEmpty();
    }

    @Test
    void nonsenseAndBombsAreDelivered() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write("<feedback>".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 4_000; i++) out.write(new byte[10_000]);
        }
        assertThat(take(ROLE, mail(bomb.toByteArray()))).isEmpty();
        assertThat(take(ROLE, mail(new byte[] {0x1f, (byte) 0x8b, 1}))).isEmpty();
        assertThat(take(ROLE, "Subject: hi\r\n\r\nHello\r\n".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(take(ROLE, new byte[0])).isEmpty();
        AggregateReport foreign = about("else.example", "one", 3);
        assertThat(take(ROLE, mail(AggregateWriter.gzip(foreign)))).isEmpty();
        time.advance(Duration.ofDays(60));
        assertThat(take(ROLE, mail(AggregateWriter.gzip(report("one", 3))))).isEmpty();
        assertThat(all()).isEmpty();
    }

    @Test
    void strangersFillOnlySoMuch() throws IOException {
        for (int i = 0; i < ReceivedReports.MAX_OTHERS; i++) {
            assertThat(take(ROLE, mail(AggregateWriter.gzip(report("id" + i, 1))))).isPresent();
        }
        assertThat(take(ROLE, mail(AggregateWriter.gzip(report("more", 1))))).isEmpty();
        assertThat(all()).hasSize(ReceivedReports.MAX_OTHERS);
    }

    @Test
    void oneWhoIsKnownKeepsNoOtherOut() throws IOException {
        String field = "Authentication-Results: mx.example.org; dmarc=pass header.from=NAME\r\n";
        for (int i = 0; i <= ReceivedReports.MAX_OF_ONE; i++) {
            byte[] mail = mail(AggregateWriter.gzip(report("id" + i, 1)));
            String from = "h" + i + ".evil.example";
            assertThat(take(ROLE, with(field.replace("NAME", from), mail)).isPresent())
                    .isEqualTo(i < ReceivedReports.MAX_OF_ONE);
        }
        byte[] other = mail(AggregateWriter.gzip(report("one", 1)));
        assertThat(take(ROLE, with(field.replace("NAME", "there.example"), other))).isPresent();
        assertThat(take(ROLE, other)).as("not known").isPresent();
    }

    @Test
    void failuresAreCounted() throws IOException {
        String mail =
                """
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary=b

                --b
                Content-Type: message/feedback-report

                Feedback-Type: auth-failure
                Version: 1
                Auth-Failure: dmarc
                Original-Mail-From: <x@bad.example>
                Source-IP: 192.0.2.7
                Reported-Domain: mail.example.org

                --b--
                """
                        .replace("\n", "\r\n");
        byte[] bytes = mail.getBytes(StandardCharsets.UTF_8);
        assertThat(take(ROLE, bytes)).contains("filed as a DMARC failure report on example.org");
        assertThat(take(ROLE, bytes)).isPresent();
        ReceivedReports.Failures found = received.failures(OURS, new Days(time.now(), 2), 10);
        assertThat(found.count()).isEqualTo(2);
        assertThat(found.newest()).extracting(it -> it.source()).contains("192.0.2.7");
    }

    @Test
    void oldReportsGoAway() throws IOException {
        assertThat(take(ROLE, mail(AggregateWriter.gzip(report("one", 3))))).isPresent();
        received.forgetOld(time.now().plus(Duration.ofDays(399)));
        assertThat(all()).hasSize(1);
        received.forgetOld(time.now().plus(Duration.ofDays(402)));
        assertThat(all()).isEmpty();
    }

    /** Whatever comes, it is filed or delivered, and nothing is thrown. */
    @Test
    void damagedReportsDoNoHarm() throws IOException {
        byte[] mail = mail(AggregateWriter.gzip(report("one", 3)));
        Random damage = new Random(Seeds.first(1));
        for (int i = 0; i < Seeds.count(2_000); i++) {
            byte[] bytes = mail.clone();
            for (int j = damage.nextInt(6); j >= 0; j--) {
                bytes[damage.nextInt(bytes.length)] = (byte) damage.nextInt(256);
            }
            assertThat(take(ROLE, bytes)).isNotNull();
        }
    }

    private List<ReceivedReport> all() throws IOException {
        List<ReceivedReport> all = new ArrayList<>();
        received.reports(OURS, new Days(time.now(), 400), all::add);
        return all;
    }

    private Optional<String> take(String to, byte[] message) throws IOException {
        return take(to, message, new Source("192.0.2.1", "h", "ESMTP", Optional.empty(), "s"));
    }

    private Optional<String> take(String to, byte[] message, Source source) throws IOException {
        Address address = Address.parse(to);
        Account anna = account(address);
        Action action = new Action.Deliver(anna.id(), Optional.empty(), Action.Placing.INBOX);
        try (BlobWriter blob = store.blobs().create()) {
            blob.write(message, 0, message.length);
            blob.finish();
            store.partition(PartitionId.queueShard(0))
                    .write(
                            turn -> {
                                turn.hold(blob.id());
                                return true;
                            });
            QueueEntry entry =
                    new QueueEntry(
                            new QueueId(++ids),
                            time.now(),
                            new Envelope(
                                    Optional.empty(), Envelope.Body.EIGHT_BIT_MIME, false, source),
                            Content.of(blob.id(), message.length),
                            "",
                            List.of(Recipient.fresh(address, action)));
            return filing.take(entry, entry.recipients().getFirst());
        }
    }

    private Account account(Address to) throws IOException {
        Route.Ours route = (Route.Ours) directory.route(to);
        return directory.account(route.targets().getFirst().account()).orElseThrow();
    }

    private static byte[] with(String field, byte[] mail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(field.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(mail);
        return out.toByteArray();
    }

    private byte[] mail(byte[] file) {
        return new ReportMessage(
                        Address.parse("noreply@there.example"),
                        List.of(Address.parse(ROLE)),
                        "m@there.example",
                        time.now(),
                        report("x", 1),
                        file)
                .bytes();
    }

    private AggregateReport report(String id, long count) {
        return about("example.org", id, count);
    }

    private AggregateReport about(String domain, String id, long count) {
        return new AggregateReport(
                new Metadata(
                        "there.example",
                        "noreply@there.example",
                        "",
                        id,
                        FakeTime.START.minus(Duration.ofDays(1)),
                        FakeTime.START,
                        List.of()),
                new Published(
                        domain,
                        Alignment.RELAXED,
                        Alignment.RELAXED,
                        Policy.QUARANTINE,
                        Policy.QUARANTINE,
                        Optional.empty(),
                        100,
                        false,
                        "0"),
                List.of(
                        new Row(
                                InetAddress.ofLiteral("192.0.2.9"),
                                count,
                                Policy.QUARANTINE,
                                false,
                                false,
                                List.of(),
                                new Identifiers("", "list.example", domain),
                                List.of(new Dkim("example.org", "s", AuthResult.FAIL, "")),
                                List.of(new Spf("list.example", Scope.MFROM, AuthResult.PASS)))));
    }
}
