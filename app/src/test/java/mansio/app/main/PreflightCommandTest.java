package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.ZoneServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code mansio preflight} of a file, over a DNS on loopback. */
class PreflightCommandTest {
    private static final String MESSAGE =
            "From: bob@good.com\n"
                    + "To: ann@example.org\n"
                    + "Subject: hi\n"
                    + "Message-ID: <1@good.com>\n\n"
                    + "Hello\n";

    @TempDir Path place;
    private ZoneServer dns;
    private Path config;
    private CommandRunner commands;

    @BeforeEach
    void world() throws IOException {
        commands = new CommandRunner(place.resolve("data"));
        dns = ZoneServer.start(0);
        dns.zone("com.", "com. SOA ns. h. 1 1 1 1 300\n");
        dns.zone(
                "arpa.",
                "arpa. SOA ns. h. 1 1 1 1 300\n1.2.0.192.in-addr.arpa. PTR mx.good.com.\n");
        dns.zone(
                "good.com.",
                """
                good.com. SOA ns. h. 1 1 1 1 300
                good.com. TXT "v=spf1 ip4:192.0.2.1 -all"
                mx.good.com. A 192.0.2.1
                """);
        config = place.resolve("mansio.toml");
        configure("mx.good.com");
    }

    @AfterEach
    void close() throws IOException {
        dns.close();
    }

    private void configure(String hostname) throws IOException {
        Files.writeString(
                config,
                """
                hostname = "%s"
                [listen]
                submission = []
                submissions = []
                imap = []
                imaps = []
                [dns]
                servers = ["127.0.0.1:%d"]
                dnssec = "off"
                """
                        .formatted(hostname, dns.address().getPort()));
    }

    @Test
    void scoresAFileWithACureForEachPoint() {
        Ran ran = commands.typing(MESSAGE, "preflight", "-", "--config=" + config);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .startsWith("89 bytes from bob@good.com, leaving from 192.0.2.1 (mx.good.com).\n")
                .contains("  -2.0 dkim: there is no DKIM signature\n       Cure: let the server")
                .contains("  -1.5 dmarc-record: DMARC none: ")
                .contains("  -0.5 date: there is no Date field\n")
                .contains("   -   tls is not looked at: the message did not travel\n")
                .contains("Note: no block list is configured")
                .endsWith("Score: 6.0 of 10\n");
    }

    @Test
    void theAddressMayBeNamed() {
        Ran ran =
                commands.typing(MESSAGE, "preflight", "-", "--config=" + config, "--ip=192.0.2.9");
        assertThat(ran.out()).contains("-1.5 reverse-name: 192.0.2.9", "-1.5 spf: SPF fail");
    }

    @Test
    void withoutAnAddressItAsksForOne() throws IOException {
        configure("other.good.com");
        Ran ran = commands.typing(MESSAGE, "preflight", "-", "--config=" + config);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("the DNS has no address for other.good.com", "--ip");
    }

    @Test
    void aDnsThatDoesNotAnswerIsNoVerdict() throws IOException {
        dns.behave("mx.good.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        Ran ran = commands.typing(MESSAGE, "preflight", "-", "--config=" + config);
        assertThat(ran.code()).isEqualTo(75);
        assertThat(ran.err()).contains("the DNS does not tell the address of mx.good.com now");
    }

    @Test
    void whatIsAskedForMustMakeSense() {
        assertThat(commands.run("preflight").code()).isEqualTo(2);
        assertThat(commands.run("preflight", "--to=a@b.example").err()).contains("--to needs");
        assertThat(commands.run("preflight", "--from=a@b.example", "--helo=x").err())
                .contains("--sender and --helo are for a FILE");
    }

    @Test
    void aRunningServerSendsOneToItself() throws IOException {
        Path data = place.resolve("serving");
        CommandRunner asking = new CommandRunner(data);
        try (ServerHouse _ = new ServerHouse(data, 0)) {
            Ran held = asking.run("preflight", "--from=me@local.test", "--ip=192.0.2.1");
            assertThat(held.code()).isEqualTo(1);
            assertThat(held.err()).contains("does not leave: it is held");
            assertThat(asking.run("route", "add", "*", "direct").code()).isZero();
            Ran ran = asking.run("preflight", "--from=me@local.test", "--ip=192.0.2.1");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out())
                    .contains(" bytes from me@local.test to me@local.test, sent to this server")
                    .contains("  way              directly to the hosts of the recipient (route *)")
                    .contains("  from             192.0.2.1, which calls itself ")
                    .contains("  tls              TLSv1.3 ")
                    .contains("  dkim             signed: d=local.test s=");
            Ran json =
                    asking.typing(
                            "From: me@local.test\nSubject: LOUD AND CLEAR\n\nHello\n",
                            "preflight",
                            "-",
                            "--json",
                            "--from=me@local.test",
                            "--ip=192.0.2.1");
            assertThat(json.out())
                    .contains("\"rule\":\"loud-subject\"", "\"journey\":{\"way\":\"directly");
            Ran foreign =
                    asking.typing(
                            "From: someone@b.example\n\nHello\n",
                            "preflight",
                            "-",
                            "--from=me@local.test",
                            "--ip=192.0.2.1");
            assertThat(foreign.code()).isEqualTo(1);
            assertThat(foreign.err()).contains("refuses the message when it is submitted: 550");
            assertThat(asking.run("queue", "list").out()).doesNotContain("me@local.test");
        }
        assertThat(asking.run("preflight", "--from=me@local.test").err())
                .contains("a test message is sent by the server; it does not run");
    }
}
