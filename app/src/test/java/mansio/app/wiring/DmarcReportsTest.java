package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.wiring.Town.House;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.serve.admin.ReportDmarc;
import mansio.serve.dmarcreports.DomainSummary;
import mansio.serve.dmarcreports.ReportSender;
import mansio.serve.dmarcreports.SenderSettings;
import mansio.serve.dmarcreports.SourceSummary;
import mansio.state.directory.Outcome;
import mansio.testkit.client.LineClient;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.psl.PublicSuffixes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** One server sees mail of a domain and tells another, which has the domain. */
class DmarcReportsTest {
    @TempDir Path folder;

    @Test
    void whatOneServerSeesTheOtherShows() throws IOException {
        try (Town town = new Town(folder)) {
            House a = town.house("a.example", 9);
            House b = town.house("b.example", a.smtp);
            town.dns.zone("example.", "example. SOA ns. h. 1 1 1 1 300\n");
            town.dns.zone("a.example.", zone("a.example"));
            town.dns.zone("b.example.", zone("b.example"));
            bring(town, b, "anna@a.example");
            bring(town, b, "stranger@b.example");
            b.inbox(2);
            try (ReportSender tomorrow = sender(town, b)) {
                tomorrow.start(town.machine.threads());
                a.until(() -> summary(town, a).messages() == 2);
            }
            DomainSummary found = summary(town, a);
            assertThat(found.receivers()).containsExactly("b.example");
            assertThat(found.unbelieved()).as("the report passes DMARC").isZero();
            assertThat(found.passed()).isEqualTo(1);
            assertThat(found.sources())
                    .extracting(SourceSummary::address)
                    .containsExactly("127.0.0.1");
            assertThat(found.step().now()).isEqualTo("none");
            // Its story is told after it was filed.
            a.until(() -> isToldOf(a));
        }
    }

    private static boolean isToldOf(House house) {
        try {
            return house.story("dmarc-reports@a.example").stream()
                    .anyMatch(it -> it.contains("filed as a DMARC report on a.example"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String zone(String domain) {
        return """
        DOMAIN. MX 10 mx.DOMAIN.
        DOMAIN. TXT "v=spf1 ip4:127.0.0.1 -all"
        mx.DOMAIN. A 127.0.0.1
        mx.DOMAIN. TXT "v=spf1 ip4:127.0.0.1 -all"
        _dmarc.DOMAIN. TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@DOMAIN"
        """
                .replace("DOMAIN", domain);
    }

    /** A message from anna of a.example, whose envelope may say another. */
    private static void bring(Town town, House to, String sender) throws IOException {
        try (LineClient client = town.call(to.smtp)) {
            client.expectReply(220);
            client.send("EHLO mx.a.example");
            client.expectReply(250);
            client.ask("MAIL FROM:<" + sender + ">", "250");
            client.ask("RCPT TO:<anna@" + to.domain + ">", "250");
            client.ask("DATA", "354");
            client.send("From: anna@a.example");
            client.send("");
            client.send("Hello.");
            client.ask(".", "250");
            client.ask("QUIT", "221");
        }
    }

    /** The one of the house, a day and a half ahead, whose minutes are short. */
    private static ReportSender sender(Town town, House house) throws IOException {
        house.state.reports().observations().flush();
        return new ReportSender(
                new ReportSender.Kept(
                        house.state.reports().observations(),
                        house.state.reports().owed(),
                        house.state.directory(),
                        house.state.queue(),
                        house.state.stories(),
                        house.state.store().blobs()),
                new ReportDestinations(
                        town.dns,
                        Discovery.TREE_WALK,
                        PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE)),
                new SenderSettings(house.facts.hostname(), Optional.empty()),
                new Tomorrow(town.machine.time()));
    }

    private record Tomorrow(Time real) implements Time {
        @Override
        public Instant now() {
            return real.now().plus(Duration.ofHours(36));
        }

        @Override
        public long nanos() {
            return real.nanos();
        }

        @Override
        public void sleep(Duration duration) {
            real.sleep(duration);
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            real.await(lock, condition, real.deadline(Duration.ofMillis(20)));
            return false;
        }
    }

    private static DomainSummary summary(Town town, House house) {
        try {
            Outcome<ReportDmarc.Shown> shown =
                    new ReportDmarc(Optional.of(Domain.parse(house.domain)), 30, 0, List.of())
                            .run(
                                    Administration.rooms(
                                            house.state,
                                            Administration.site(
                                                    house.facts.folder(), Optional.empty()),
                                            town.machine));
            List<DomainSummary> domains =
                    ((Outcome.Done<ReportDmarc.Shown>) shown).value().domains();
            return domains.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
