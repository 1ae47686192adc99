package mansio.state.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import mansio.net.listen.ListenAt;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The configuration file: values, defaults, and every mistake with its line. */
class ConfigFileTest {
    private static final String LEAST =
            """
            hostname = "mail.example.org"
            [[certificate]]
            chain = "chain.pem"
            key = "key.pem"
            """;

    private static List<String> mistakes(String text) {
        try {
            return fail("accepted: " + ConfigFile.parse(text, "test.toml"));
        } catch (ConfigException e) {
            return e.mistakes().stream().map(Mistake::toString).toList();
        }
    }

    @Test
    void theLeastFile() throws ConfigException {
        Config config = ConfigFile.parse(LEAST, "test.toml");
        assertThat(config.hostname().text()).isEqualTo("mail.example.org");
        assertThat(config.data()).isEmpty();
        assertThat(config.logLevel()).isEqualTo(Config.LogLevel.INFO);
        assertThat(config.listen().smtp())
                .extracting(Object::toString)
                .singleElement()
                .asString()
                .endsWith(":25");
        assertThat(config.listen().lmtp()).isEmpty();
        assertThat(config.limits().messageSize()).isEqualTo(new ByteSize(50L << 20));
        assertThat(config.networks().trusted()).isEmpty();
        assertThat(config.certificate())
                .containsExactly(new Config.Certificate(Path.of("chain.pem"), Path.of("key.pem")));
        assertThat(config.mailbox().quota()).isEmpty();
        assertThat(config.passwords().scram()).isEqualTo(Config.ScramOffer.WHEN_ALL_HAVE_KEYS);
        assertThat(config.store().keepStories()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void resolversHaveAddressesAndPerhapsPorts() throws ConfigException {
        Config config =
                ConfigFile.parse(
                        LEAST
                                + """
                                [dns]
                                servers = ["192.0.2.53", "2001:db8::53", "127.0.0.1:5300",
                                    "[::1]:5353"]
                                timeout = "2 s"
                                dnssec = "trust-ad"
                                cache = "1 MiB"
                                """,
                        "test.toml");
        assertThat(config.dns().servers())
                .containsExactly(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5300),
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 5353));
        assertThat(config.dns().timeout()).contains(Duration.ofSeconds(2));
        assertThat(config.dns().dnssec()).isEqualTo(Config.Dnssec.TRUST_AD);
        for (String wrong :
                List.of("ns.example.org", "", "*:53", "192.0.2.1:0", "192.0.2.1:65536", "::1:x")) {
            assertThat(mistakes(LEAST + "[dns]\nservers = [\"" + wrong + "\"]\n"))
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .contains("not an address such as");
        }
        assertThat(mistakes(LEAST + "[dns]\ntimeout = \"0 s\"\n"))
                .containsExactly("line 6: dns.timeout is not between 1 and 60");
        assertThat(mistakes(LEAST + "[dns]\ntimeout = \"2 h\"\n")).hasSize(1);
    }

    @Test
    void aFullFile() throws ConfigException {
        Config config =
                ConfigFile.parse(
                        """
                        hostname = "M\u00dcller.example"
                        data = "/srv/mail"
                        log_level = "debug"
                        listen.smtp = ["192.0.2.1:25", "[2001:db8::1]:2525"]
                        listen.lmtp = ["unix:/run/mansio/lmtp", "127.0.0.1:24"]
                        listen.imap = []

                        [networks]
                        trusted = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"]

                        [limits]
                        message_size = "1 GiB"
                        recipients = 100

                        [passwords]
                        scram = "never"
                        imported = "keep"

                        [mailbox]
                        quota = "10GiB"

                        [store]
                        min_free = "0 B"
                        keep_stories = "12 h"

                        [[certificate]]
                        chain = "a"
                        key = "b"
                        [[certificate]]
                        chain = "c"
                        key = "d"
                        """,
                        "test.toml");
        assertThat(config.hostname().text()).isEqualTo("xn--mller-kva.example");
        assertThat(config.data()).contains(Path.of("/srv/mail"));
        assertThat(config.listen().smtp())
                .extracting(Object::toString)
                .first()
                .isEqualTo("192.0.2.1:25");
        assertThat(config.listen().lmtp())
                .contains(new ListenAt.Unix(Path.of("/run/mansio/lmtp"), "rw-rw----"));
        assertThat(config.listen().imap()).isEmpty();
        assertThat(config.networks().trusted())
                .extracting(Network::toString)
                .containsExactly("192.0.2.0/24", "2001:db8:0:0:0:0:0:0/32", "198.51.100.7");
        assertThat(config.limits().messageSize()).hasToString("1 GiB");
        assertThat(config.limits().recipients()).isEqualTo(100);
        assertThat(config.passwords().imported()).isEqualTo(Config.Imported.KEEP);
        assertThat(config.mailbox().quota()).contains(new ByteSize(10L << 30));
        assertThat(config.store().minFree()).contains(new ByteSize(0));
        assertThat(config.certificate()).hasSize(2);
    }

    @Test
    void allMistakesAtOnceWithTheirLines() {
        assertThat(
                        mistakes(
                                """
                                hostnam = "mail.example.org"
                                log_level = "loud"
                                listen = 25

                                [networks]
                                trusted = ["192.0.2.7/24", "10.0.0.0/8", "x"]
                                plain_login = "10.0.0.0/8"

                                [limits]
                                message_size = "50 megs"
                                recipients = 99
                                connections = "many"
                                mesage_size = "1 MiB"
                                speed = 3

                                [store]
                                keep_stories = 5

                                [colours]
                                red = 1

                                [[certificate]]
                                chain = "a"
                                """))
                .containsExactly(
                        "hostname is missing: What the server calls itself in greetings, Received"
                            + " fields and Message-IDs. It should be the name that the MX records"
                            + " and the reverse DNS of its address give.",
                        "line 1: hostnam is not a known key; is hostname meant?",
                        "line 2: log_level is not one of error, warn, info, debug",
                        "line 3: listen is a table: write [listen]",
                        "line 6: networks.trusted is not a network such as 192.0.2.0/24 or"
                                + " 2001:db8::/32, or one address",
                        "line 6: networks.trusted is not a network such as 192.0.2.0/24 or"
                                + " 2001:db8::/32, or one address",
                        "line 7: networks.plain_login is a list: write plain_login = [...]",
                        "line 10: limits.message_size is not a size such as 50 MiB (units: B, KiB,"
                                + " MiB, GiB, TiB)",
                        "line 11: limits.recipients is not between 100 and 1000",
                        "line 12: limits.connections must be a number",
                        "line 13: limits.mesage_size is not a known key; is limits.message_size"
                                + " meant?",
                        "line 14: limits.speed is not a known key; docs/config.md lists all",
                        "line 17: store.keep_stories must be a time such as \"30 d\", \"12 h\", \"5"
                                + " min\" or \"10 s\"",
                        "line 19: colours is not a known key; docs/config.md lists all",
                        "line 22: certificate.key is missing: A PEM file: the private key, without"
                                + " pass phrase, readable by its owner only.");
    }

    @Test
    void brokenToml() {
        assertThat(mistakes("hostname = \"a.example\"\n[limits\nx = 3\n"))
                .singleElement()
                .asString()
                .startsWith("line 2: ");
        assertThat(mistakes("hostname = \"a.example\"\nhostname = \"b.example\"\n"))
                .singleElement()
                .asString()
                .startsWith("line 2: ");
        assertThat(mistakes("hostname = \"a\tb\n"))
                .singleElement()
                .asString()
                .startsWith("line 1: ");
    }

    @Test
    void aListenerForLoginWantsACertificate() throws ConfigException {
        assertThat(mistakes("hostname = \"a.example\""))
                .singleElement()
                .asString()
                .contains("no certificate");
        String inner =
                "hostname = \"a.example\"\n"
                        + "[listen]\n"
                        + "submission=[]\n"
                        + "submissions=[]\n"
                        + "imap=[]\n"
                        + "imaps=[]\n";
        assertThat(ConfigFile.parse(inner, "test.toml").listen().smtp()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0 B, 0",
        "1B, 1",
        "50 MiB, 52428800",
        "1  TiB, 1099511627776",
        "999999999999 B, 999999999999",
    })
    void sizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
        assertThat(ByteSize.parse(new ByteSize(bytes).toString())).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "5",
        "MiB",
        "-1 B",
        "1 MB",
        "1.5 GiB",
        "99999999999999 B",
        "9999999999 TiB",
        "1 MiB x"
    })
    void noSizes(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
    })
    void networks(String network, String address, boolean contains) {
        assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contains);
        assertThat(Network.parse(Network.parse(network).toString()))
                .isEqualTo(Network.parse(network));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "x",
        "192.0.2.1/33",
        "192.0.2.1/24",
        "192.0.2.0/-1",
        "192.0.2.0/",
        "example.org",
        "::/129"
    })
    void noNetworks(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "25",
        ":25",
        "*:0",
        "*:65536",
        "*:x",
        "::1:25",
        "[192.0.2.1:25",
        "localhost:25",
        "unix:",
        "[x]:25"
    })
    void noListeners(String text) {
        assertThat(mistakes(LEAST.replace("[[c", "listen.smtp = [\"" + text + "\"]\n[[c")))
                .singleElement()
                .asString()
                .startsWith("line 2: listen.smtp is not");
    }

    @Test
    void filesThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mansio.toml");
        assertThatThrownBy(() -> ConfigFile.load(file))
                .hasMessage("there is no configuration file " + file);
        Files.write(file, new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> ConfigFile.load(file)).hasMessage(file + " is not UTF-8 text");
        Files.write(file, new byte[ConfigFile.MAX_BYTES + 1]);
        assertThatThrownBy(() -> ConfigFile.load(file))
                .hasMessageContaining("longer than 1048576 bytes");
        Files.writeString(file, "x = 1\n");
        assertThatThrownBy(() -> ConfigFile.load(file))
                .hasMessageContaining(file + ": line 1: x is not a known key");
    }

    @Test
    void survivesNonsense() {
        String sample = Reference.sample("mail.example.org").replaceAll("(?m)^#(?! )", "");
        for (long seed : Seeds.of(250).toArray()) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(sample);
            for (int i = random.nextInt(8); i >= 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 ->
                            text.setCharAt(at, "[]{}=\"'.#\n\t0a\u00e9".charAt(random.nextInt(14)));
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                    default ->
                            text.insert(at, text.substring(at, Math.min(text.length(), at + 60)));
                }
            }
            try {
                assertThat(ConfigFile.parse(text.toString(), "x").hostname()).isNotNull();
            } catch (ConfigException e) {
                assertThat(e.mistakes()).as("seed " + seed).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + "\n" + text, e);
            }
        }
    }
}
