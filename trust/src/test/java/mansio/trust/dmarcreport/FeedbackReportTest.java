package mansio.trust.dmarcreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;
import mansio.trust.dmarcreport.ReportMail.Content;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

class FeedbackReportTest {
    private static FeedbackReport read(String file) throws IOException {
        byte[] message = AggregateReportTest.resource("arf/" + file);
        return ((Content.Feedback) ReportMail.read(message, ReportLimits.USUAL)).report();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "001.eml, abuse, '', ''",
        "002.eml, abuse, '', example.net",
        "003.eml, auth-failure, bodyhash, example.net",
        "004.eml, auth-failure, dmarc, interpublication.org",
        "005.eml, auth-failure, bodyhash, a.sender.example",
    })
    void reportsOfOthersAreRead(String file, String type, String failure, String domain)
            throws IOException {
        FeedbackReport report = read(file);
        assertThat(report.type()).isEqualTo(type);
        assertThat(report.failure().kind()).isEqualTo(failure);
        assertThat(String.join(",", report.domains())).isEqualTo(domain);
        assertThat(report.incidents()).isEqualTo(1);
    }

    @Test
    void everyFieldIsRead() throws IOException {
        FeedbackReport abuse = read("002.eml");
        assertThat(abuse.userAgent()).isEqualTo("SomeGenerator/1.0");
        assertThat(abuse.mailFrom()).contains("somespammer@example.net");
        assertThat(abuse.rcptTo()).containsExactly("user@example.com");
        assertThat(abuse.source()).contains(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(abuse.arrival()).isPresent();
        assertThat(abuse.uris()).hasSize(2);
        assertThat(abuse.results().getFirst()).startsWith("mail.example.com;").contains("spf=fail");
        FeedbackReport open = read("004.eml");
        assertThat(open.source()).contains(InetAddress.ofLiteral("148.163.85.135"));
        FeedbackReport failure = read("005.eml");
        assertThat(failure.failure().dkimDomain()).isEqualTo("sender.example");
        assertThat(failure.failure().dkimIdentity()).isEqualTo("@sender.example");
        assertThat(failure.failure().dkimSelector()).isEqualTo("testkey");
    }

    @Test
    void valuesAreCleanedAndLimited() {
        String text =
                "\r\n"
                        + "feedback-type: Fraud\r\n"
                        + "User-Agent: a\u0001b\r\n"
                        + " c\r\n"
                        + "Incidents: 99999999999999\r\n"
                        + "Original-Mail-From: <>\r\n"
                        + "Source-IP: localhost\r\n"
                        + "SPF-DNS: "
                        + "x".repeat(5000)
                        + "\r\n"
                        + "Reported-Domain: A.example\r\n".repeat(500);
        FeedbackReport report = FeedbackReport.parse(bytes(text));
        assertThat(report.type()).isEqualTo("fraud");
        assertThat(report.userAgent()).isEqualTo("a b c");
        assertThat(report.incidents()).isEqualTo(1);
        assertThat(report.mailFrom()).contains("");
        assertThat(report.source()).isEmpty();
        assertThat(report.failure().spfDns()).hasSize(1000);
        assertThat(report.domains()).hasSize(100);
    }

    @Test
    void whatIsNoReportIsRefused() {
        assertThatThrownBy(() -> FeedbackReport.parse(bytes("Version: 1\r\n")))
                .isInstanceOf(SyntaxException.class);
        assertThatThrownBy(() -> FeedbackReport.parse(new byte[1 << 19]))
                .isInstanceOf(SyntaxException.class);
        byte[] plain = bytes("From: a@b.example\r\n\r\nhello\r\n");
        assertThat(ReportMail.read(plain, ReportLimits.USUAL)).isInstanceOf(Content.Nothing.class);
        byte[] broken = bytes("Content-Type: text/xml\r\n\r\n<feedback>\r\n");
        assertThat(((Content.Nothing) ReportMail.read(broken, ReportLimits.USUAL)).reason())
                .contains("well-formed");
    }

    @Test
    void damagedMessagesAreReadOrNot() throws IOException {
        SplittableRandom random = new SplittableRandom(Seeds.first(17));
        byte[][] files = {
            AggregateReportTest.resource("arf/002.eml"),
            AggregateReportTest.resource("arf/005.eml"),
            AggregateReportTest.resource("dmarc-feedback/104.eml")
        };
        for (int round = 0; round < Seeds.count(2_000); round++) {
            byte[] file = files[random.nextInt(files.length)].clone();
            for (int i = random.nextInt(8); i > 0; i--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            assertThat(ReportMail.read(file, ReportLimits.USUAL)).isNotNull();
            FeedbackReport.tryParse(file);
        }
    }
}
