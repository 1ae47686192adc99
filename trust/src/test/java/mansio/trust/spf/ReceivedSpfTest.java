package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

class ReceivedSpfTest {
    private static final Domain RECEIVER = Domain.parse("mx.receiver.example");

    private static String field(String zone, String helo, String sender, String client) {
        FakeTime time = new FakeTime();
        FakeDns dns = new FakeDns(time, new SplittableRandom(1));
        dns.zone(".", zone);
        SpfRequest request =
                SpfRequest.mailFrom(
                        InetAddress.ofLiteral(client), helo, Optional.of(Address.parse(sender)));
        SpfResult result =
                new Spf(dns, time, SpfLimits.STANDARD, RECEIVER)
                        .check(request, time.deadline(Duration.ofSeconds(20)));
        return new String(ReceivedSpf.field(result, RECEIVER), StandardCharsets.UTF_8);
    }

    @Test
    void aPassNamesItsMechanism() {
        assertThat(
                        field(
                                "one.example. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n",
                                "mail.one.example",
                                "anna@one.example",
                                "192.0.2.1"))
                .isEqualTo(
                        """
                        Received-SPF: pass (mx.receiver.example: 192.0.2.1 may send for one.example:
                         ip4:192.0.2.0/24 matches) receiver=mx.receiver.example; identity=mailfrom;
                         client-ip=192.0.2.1; envelope-from="anna@one.example"; helo=mail.one.example;
                         mechanism="ip4:192.0.2.0/24"
                        """
                                .replace("\n", "\r\n"));
    }

    @Test
    void anErrorNamesItsProblem() {
        assertThat(
                        field(
                                "one.example. TXT \"v=spf1 moo\"\n",
                                "mail.one.example",
                                "anna@one.example",
                                "2001:db8::1"))
                .startsWith("Received-SPF: permerror (mx.receiver.example: the SPF record of")
                .contains(" client-ip=\"2001:db8::1\";")
                .endsWith(
                        " problem=\"the SPF record of one.example is wrong at character 8: an"
                                + " unknown mechanism\"\r\n");
        assertThat(field("", "mail.one.example", "anna@one.example", "192.0.2.1"))
                .startsWith("Received-SPF: none (")
                .endsWith(" helo=mail.one.example\r\n");
        assertThat(
                        field(
                                "one.example. TXT \"v=spf1\"\n",
                                "mail.one.example",
                                "anna@one.example",
                                "192.0.2.1"))
                .endsWith(" mechanism=default\r\n");
    }

    @Test
    void nothingBreaksOut() {
        String field =
                field(
                        "one.example. TXT \"v=spf1 a:x)\\;pass(\\\\.example -all\"\n"
                                + "x\\041\\059pass\\040\\092.example. A 192.0.2.1\n",
                        "x\r\nEvil: yes\"; identity=helo \\ (\u00e9\u0000",
                        "\"a\\\"b\\\\ ; (c\"@one.example",
                        "192.0.2.1");
        assertThat(field)
                .startsWith("Received-SPF: pass (")
                .contains(
                        " a:x\\);pass\\(\\\\.example",
                        " helo=\"x??Evil: yes\\\"; identity=helo \\\\ (??\";",
                        " envelope-from=\"\\\"a\\\\\\\"b\\\\\\\\ ; (c\\\"@one.example\";");
        // One field: every line but the first begins with a space, and quotes and comments close.
        assertThat(field.strip().lines().skip(1)).allMatch(line -> line.startsWith(" "));
        assertThat(outsideQuotesAndComments(field))
                .doesNotContain("Evil", "yes", "(", ")", "\"")
                .contains("identity=mailfrom")
                .doesNotContain("identity=helo");
    }

    private static String outsideQuotesAndComments(String field) {
        StringBuilder out = new StringBuilder();
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if ((quoted || depth > 0) && c == '\\') {
                i++;
            } else if (depth == 0 && c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth--;
            } else if (!quoted && depth == 0) {
                out.append(c);
            }
        }
        assertThat(quoted).isFalse();
        assertThat(depth).isZero();
        return out.toString();
    }

    @Test
    void theLongestValuesFitALine() {
        String longName = "x".repeat(60) + "." + "y".repeat(60) + "." + "z".repeat(60) + ".example";
        String field =
                field(
                        "",
                        "\"".repeat(1_000),
                        "\"" + "\\\"".repeat(250) + "\"@" + longName,
                        "192.0.2.1");
        assertThat(field.lines()).allMatch(line -> line.length() <= 998);
    }
}
