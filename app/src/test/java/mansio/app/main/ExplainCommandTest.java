package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.ZoneServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code mansio explain}: the judgement of a server, over a DNS on loopback. */
class ExplainCommandTest {
    private static final String GOOD = "192.0.2.1";
    private static final String STRANGER = "198.51.100.9";

    @TempDir Path place;
    private ZoneServer dns;
    private Path config;
    private CommandRunner commands;

    @BeforeEach
    void world() throws IOException {
        commands = new CommandRunner(place.resolve("data"));
        dns = ZoneServer.start(0);
        dns.zone("com.", "com. SOA ns. h. 1 1 1 1 300\n");
        dns.zone("org.", "org. SOA ns. h. 1 1 1 1 300\n");
        dns.zone(
                "arpa.",
                "arpa. SOA ns. h. 1 1 1 1 300\n1.2.0.192.in-addr.arpa. PTR mx.good.com.\n");
        dns.zone(
                "good.com.",
                """
                good.com. SOA ns. h. 1 1 1 1 300
                good.com. TXT "v=spf1 ip4:192.0.2.1 -all"
                _dmarc.good.com. TXT "v=DMARC1; p=none"
                mx.good.com. A 192.0.2.1
                """);
        dns.zone(
                "strict.com.",
                "strict.com. SOA ns. h. 1 1 1 1 300\n"
                        + "_dmarc.strict.com. TXT \"v=DMARC1; p=reject\"\n");
        dns.zone(
                "mild.com.",
                "mild.com. SOA ns. h. 1 1 1 1 300\n"
                        + "_dmarc.mild.com. TXT \"v=DMARC1; p=quarantine\"\n");
        config = place.resolve("mansio.toml");
        configure("");
    }

    @AfterEach
    void close() throws IOException {
        dns.close();
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                config,
                """
                hostname = "mx.example.org"
                [listen]
                submission = []
                submissions = []
                imap = []
                imaps = []
                [dns]
                servers = ["127.0.0.1:%d"]
                dnssec = "off"
                %s
                """
                        .formatted(dns.address().getPort(), more));
    }

    private Ran explain(String message, String... words) {
        List<String> all = new ArrayList<>(List.of("explain", "-", "--config", config.toString()));
        all.addAll(List.of(words));
        return commands.typing(message, all.toArray(String[]::new));
    }

    private static String from(String author) {
        return "From: " + author + "\r\nSubject: hi\r\n\r\nHello\r\n";
    }

    @Test
    void saysWhatWasFoundAndTheField() {
        Ran ran = explain(from("bob@good.com"), "--from=bob@good.com", "--ip=" + GOOD);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("iprev pass", "spf pass", "dkim none", "dmarc pass")
                .contains("Against it: nothing.")
                .contains("Verdict: accept\n", "Reply: 250 ")
                .contains("Authentication-Results: mx.example.org;")
                .contains("dmarc=pass\n header.from=good.com");
    }

    @Test
    void refusesAsTheOwnerOfTheDomainAsks() {
        Ran ran = explain(from("ceo@strict.com"), "--from=bob@good.com", "--ip=" + GOOD);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("refuse           DMARC: ")
                .contains("Verdict: refuse\n")
                .contains("Reply: 550 5.7.20 DMARC: neither SPF nor a DKIM signature");
        assertThat(explain(from("x@mild.com"), "--from=bob@good.com", "--ip=" + GOOD).out())
                .contains("Verdict: junk\n", "Reply: 250 ");
    }

    @Test
    void judgesByTheConfiguration() throws IOException {
        configure("[checks]\ndmarc = \"note\"\nreverse_name = \"refuse\"");
        assertThat(explain(from("ceo@strict.com"), "--from=bob@good.com", "--ip=" + GOOD).out())
                .contains("Verdict: accept");
        assertThat(explain(from("x@good.com"), "--from=<>", "--ip=" + STRANGER).out())
                .contains("Reply: 550 5.7.25");
        configure("[networks]\ntrusted = [\"198.51.100.0/24\"]");
        assertThat(explain(from("x@good.com"), "--from=", "--ip=" + STRANGER).out())
                .contains("Note: the server checks no mail of this host");
    }

    @Test
    void whatTheDnsCannotTellIsForLater() {
        dns.zone("slow.com.", "slow.com. SOA ns. h. 1 1 1 1 300\n");
        dns.behave("_dmarc.slow.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        Ran ran = explain(from("x@slow.com"), "--from=bob@good.com", "--ip=" + GOOD);
        assertThat(ran.out()).contains("Verdict: defer", "Reply: 451 4.4.3");
        assertThat(ran.code()).isEqualTo(75);
    }

    @Test
    void readsAFileWithTheLineEndsOfUnix() throws IOException {
        Path file = place.resolve("m.eml");
        Files.writeString(file, from("bob@good.com").replace("\r\n", "\n"));
        Ran ran =
                commands.run(
                        "explain",
                        file.toString(),
                        "--config=" + config,
                        "--from=bob@good.com",
                        "--ip=" + GOOD,
                        "--helo=mx.good.com",
                        "--json");
        JsonNode answer = JsonMapper.shared().readTree(ran.out());
        assertThat(answer.get("message").asString()).startsWith("42 bytes from bob@good.com");
        assertThat(answer.get("verdict").asString()).isEqualTo("accept");
        assertThat(answer.get("findings").get(0).get("outcome").asString()).isEqualTo("iprev pass");
    }

    @Test
    void routesRecipientsAsTheStoreSays() {
        commands.run("domain", "add", "example.org");
        commands.run("account", "add", "anna@example.org", "--generate");
        commands.run("alias", "add", "far@example.org", "carl@else.example");
        Ran ran =
                explain(
                        from("ceo@mild.com"),
                        "--from=bob@good.com",
                        "--ip=" + STRANGER,
                        "--to=anna@example.org",
                        "--to=nobody@example.org",
                        "--to=x@remote.example");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains("  nobody@example.org refused: 550 5.1.1")
                .contains("  x@remote.example refused: 554 5.7.1 Relaying denied")
                .contains("  anna@example.org junk: DMARC: ");
        Ran far =
                explain(from("x@y.com"), "--from=x@y.com", "--ip=" + GOOD, "--to=far@example.org");
        assertThat(far.out()).contains("Reply: 550 5.7.26 This address forwards");
        Ran good =
                explain(
                        from("b@good.com"),
                        "--from=b@good.com",
                        "--ip=" + GOOD,
                        "--to=far@example.org");
        assertThat(good.out()).contains("  far@example.org taken\n");
        Ran none =
                explain(
                        from("b@good.com"),
                        "--from=b@good.com",
                        "--ip=" + GOOD,
                        "--to=x@example.org");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).contains("Reply: 550 5.1.1").doesNotContain("Found:");
    }

    @Test
    void saysWhatIsWrongWithTheQuestion() throws IOException {
        assertThat(explain("", "--from=<>", "--ip=" + GOOD).err())
                .contains("there is no message in standard input");
        assertThat(explain(from("a@b.c"), "--from=nonsense@", "--ip=" + GOOD).err())
                .contains("'nonsense@' is not a mail address; <> stands for none");
        assertThat(explain(from("a@b.c"), "--from=<>", "--ip=mx.good.com").code()).isEqualTo(2);
        assertThat(commands.run("explain", "/no/such.eml", "--from=<>", "--ip=" + GOOD).err())
                .contains("there is no file /no/such.eml");
        configure("[limits]\nmessage_size = \"64 KiB\"");
        Ran long64 = explain(from("a@b.c") + "x".repeat(70_000), "--from=<>", "--ip=" + GOOD);
        assertThat(long64.code()).isEqualTo(1);
        assertThat(long64.err()).contains("longer than the 65536 bytes");
    }
}
