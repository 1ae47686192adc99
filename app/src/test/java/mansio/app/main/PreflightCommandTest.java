package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;
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
                .contains("Note: TLS is not looked at")
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
}
