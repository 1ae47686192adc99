package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.app.main.CommandRunner.Ran;
import mansio.app.wiring.ConfiguredServer;
import mansio.app.wiring.Machine;
import mansio.app.wiring.ServerFacts;
import mansio.serve.inbound.Forwarding.Tags;
import mansio.state.config.Config;
import mansio.state.config.ConfigFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What is wrong outside of the program is said in one sentence, and nothing is lost by it. */
class BadInputTest {
    @TempDir Path place;
    private CommandRunner commands;

    @BeforeEach
    void folder() {
        commands = new CommandRunner(place.resolve("data"));
    }

    private Ran config(String text) throws IOException {
        Path file = place.resolve("mansio.toml");
        Files.writeString(file, text);
        return commands.run("serve", "--config", file.toString());
    }

    @Test
    void everyMistakeOfTheConfigurationHasItsLine() throws IOException {
        Ran ran =
                config(
                        """
                        hostname = "mail.example.org"
                        datta = "/srv/mail"
                        log_level = 7
                        [listen]
                        smtp = "25"
                        [limits]
                        message_size = "much"
                        recipients = 7
                        [[certificate]]
                        chain = "c.pem"
                        """);
        assertThat(ran.code()).as("which systemd does not try again").isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        String file = place.resolve("mansio.toml").toString();
        assertThat(ran.err().lines())
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).startsWith(file + ": line "));
        assertThat(ran.err())
                .contains(": line 2: ", "datta")
                .contains(": line 3: ", "log_level")
                .contains(": line 5: ", "listen.smtp")
                .contains(": line 7: ", "limits.message_size")
                .contains(": line 8: ", "limits.recipients")
                .contains(": line 9: ", "certificate.key");
        assertThat(config("hostname = \n").err()).startsWith(file + ": line 1: ");
        Ran missing = commands.run("serve", "--config", place.resolve("none.toml").toString());
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).startsWith("mansio: there is no configuration ");
        assertThat(commands.data()).doesNotExist();
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = takenPort()) {
            int port = taken.getLocalPort();
            Ran ran = commands.run("serve", "--local=" + (port - 25));
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err())
                    .isEqualTo(
                            ("mansio: Cannot listen on 127.0.0.1:%d (smtp): another program uses"
                                            + " this port; to see which: ss -ltnp 'sport = :%d'\n")
                                    .formatted(port, port));
            assertThat(ran.out()).isEmpty();
        }
        assertThat(commands.run("account", "list").out()).isEqualTo("me@local.test\n");
    }

    /** One that {@code --local} can use; what the system gives is often above. */
    private static ServerSocket takenPort() throws IOException {
        for (int port = 29_025; port < 50_000; port += 100) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                // Somebody else's: the next.
            }
        }
        throw new IOException("no ports are free");
    }

    @Test
    void aBaseOfPortsHasBounds() {
        for (String base : List.of("1023", "50001", "0", "-1", "99999999999", "x")) {
            Ran ran = commands.run("serve", "--local=" + base);
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).contains("'" + base + "' is not between 1024 and 50000");
        }
        assertThat(commands.data()).doesNotExist();
    }

    private ServerFacts facts(Config config) throws IOException {
        return ConfiguredServer.facts(config, commands.data(), Machine.real());
    }

    @Test
    void bouncesWithoutTagsAreRefusedOnlyWhereMailHasTags() throws Exception {
        String listening =
                "hostname = \"mail.example.org\"\n[listen]\nsubmission = []\nsubmissions = []\n"
                        + "imap = []\nimaps = []\nsmtp = [\"127.0.0.1:1025\"]\n";
        String enforcing = listening + "[forward]\nbatv_enforce = true\n";
        assertThatThrownBy(() -> facts(ConfigFile.parse(enforcing, "mansio.toml")))
                .hasMessage(
                        "forward.batv_enforce refuses bounces that are not signed: it needs"
                                + " forward.batv, which signs");
        Config both = ConfigFile.parse(enforcing + "batv = true\n", "mansio.toml");
        assertThat(facts(both).forwarding().tags()).isEqualTo(Tags.ENFORCED);
        Config signing = ConfigFile.parse(listening + "[forward]\nbatv = true\n", "mansio.toml");
        assertThat(facts(signing).forwarding().tags()).isEqualTo(Tags.SIGNED);
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws Exception {
        assertThat(commands.run("quickstart", "ann@example.org").code()).isZero();
        Path key = place.resolve("mansio-key.pem");
        var config = ConfigFile.load(place.resolve("mansio.toml"));
        facts(config);
        for (String open : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> facts(config))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "key %s: others than its owner may use it; do: chmod 600 %s", key, key);
        }
        Files.delete(key);
        assertThatThrownBy(() -> facts(config)).hasMessage("key %s: there is no such file", key);
        Files.createDirectory(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThatThrownBy(() -> facts(config))
                .hasMessageStartingWith("key %s: cannot be read".formatted(key));
    }

    @Test
    void aDamagedStoreIsNotTakenForWhole() throws IOException {
        try (ServerHouse house = new ServerHouse(commands.data(), 0)) {
            assertThat(house.base).isPositive();
            Path letter = place.resolve("letter.eml");
            byte[] body = new byte[300_000];
            Random random = new Random(5);
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) (i % 70 == 69 ? '\n' : 'a' + random.nextInt(26));
            }
            Files.writeString(letter, "Subject: long\r\n\r\n");
            Files.write(letter, body, java.nio.file.StandardOpenOption.APPEND);
            assertThat(commands.run("send", "--to", "me@local.test", letter.toString()).code())
                    .isZero();
        }
        assertThat(commands.run("verify").code()).isZero();
        for (Path file : engineFiles()) {
            if (Files.size(file) < 100_000) continue;
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                for (long at = 1_000; at < bytes.length(); at += 20_000) {
                    bytes.seek(at);
                    int was = bytes.read();
                    bytes.seek(at);
                    bytes.write(was ^ 0x55);
                }
            }
        }
        Ran ran = commands.run("verify");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out() + ran.err())
                .containsPattern(
                        "(?m)^damage: blob \\S+ of \\[account/\\S+ has a piece \\d+ that cannot be"
                                + " read")
                .containsPattern("(?m)^1 damaged, 0 wasted\\.$");
    }

    private List<Path> engineFiles() throws IOException {
        try (var files = Files.walk(commands.data().resolve("engine"))) {
            return files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList();
        }
    }

    @Test
    void aFullDiskTakesNothingNewAndKeepsWhatIsThere() throws IOException {
        try (ServerHouse house = new ServerHouse(commands.data(), 0)) {
            assertThat(commands.run("send", "--to", "me@local.test").code()).isZero();
            assertThat(imap(house, "b STATUS INBOX (MESSAGES)")).contains("MESSAGES 1");
        }
        // At other doors: a new configuration does not keep a server from its start.
        try (ServerHouse full = new ServerHouse(commands.data(), Long.MAX_VALUE >> 1)) {
            Ran sent = commands.run("send", "--to", "me@local.test");
            assertThat(sent.code()).isEqualTo(75);
            assertThat(sent.out()).contains("S: 452 4.3.1 ");
            assertThat(imap(full, "b APPEND INBOX {3+}\r\nx\r\n")).containsPattern("(?m)^b NO ");
            assertThat(imap(full, "b CREATE More")).containsPattern("(?m)^b NO ");
            assertThat(imap(full, "b STATUS INBOX (MESSAGES)")).contains("MESSAGES 1");
            Ran added = commands.run("domain", "add", "example.org");
            assertThat(added.code()).isEqualTo(75);
            assertThat(added.err())
                    .startsWith("mansio: the disk lacks ")
                    .endsWith(" MiB of free space\n");
            assertThat(imap(full, "b SELECT INBOX\r\nc STORE 1 +FLAGS (\\Deleted)\r\nd EXPUNGE"))
                    .containsPattern("(?m)^d OK ");
        }
    }

    private static String imap(ServerHouse house, String commands) throws IOException {
        return house.talk(
                143,
                "a LOGIN me@local.test %s\r\n%s\r\nz LOGOUT\r\n"
                        .formatted(house.password, commands));
    }

    @Test
    void aPasswordThatIsNoneIsRefused() {
        commands.run("domain", "add", "example.org");
        for (String nothing : List.of("", "\n", "\r\n")) {
            Ran ran =
                    commands.typing(
                            nothing, "account", "add", "ann@example.org", "--password-stdin");
            assertThat(ran)
                    .isEqualTo(new Ran(1, "", "mansio: there is no password on standard input\n"));
        }
        Ran endless =
                commands.typing(
                        "x".repeat(5_000), "account", "add", "ann@example.org", "--password-stdin");
        assertThat(endless).isEqualTo(new Ran(1, "", "mansio: the password is too long\n"));
        Ran brief = commands.typing("x\n", "account", "add", "ann@example.org", "--password-stdin");
        assertThat(brief.code()).isEqualTo(1);
        assertThat(brief.err()).startsWith("mansio: ").contains("8");
        assertThat(commands.run("account", "list").out()).isEqualTo("There are no accounts yet.\n");
    }

    @Test
    void whatIsNotThereIsNamed() {
        commands.run("domain", "add", "example.org");
        String nobody = "nobody@example.org";
        String sentence = "mansio: there is no account nobody@example.org\n";
        for (String[] words :
                List.of(
                        new String[] {"account", "password", nobody, "--generate"},
                        new String[] {"account", "remove", nobody},
                        new String[] {"account", "disable", nobody},
                        new String[] {"account", "enable", nobody},
                        new String[] {"account", "quota", nobody, "1MiB"})) {
            assertThat(commands.run(words)).isEqualTo(new Ran(1, "", sentence));
        }
        assertThat(commands.run("account", "add", "ann@other.example", "--generate"))
                .isEqualTo(
                        new Ran(
                                1,
                                "",
                                "mansio: other.example is not a domain of this server; add it"
                                        + " first: mansio domain add other.example\n"));
        assertThat(commands.run("alias", "remove", nobody).code()).isEqualTo(1);
        assertThat(commands.run("domain", "remove", "other.example").code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "@example.org",
                "ann@",
                "ann@@example.org",
                "ann@example..org",
                "ann@-example.org",
                "ann b@example.org",
                "ann@example.org\r\nRCPT TO:<x@y>",
                "<ann@example.org>"
            })
    void whatIsNoAddressIsUsage(String text) {
        commands.run("domain", "add", "example.org");
        Ran ran = commands.run("account", "add", text, "--generate");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("is not a mail address");
        assertThat(commands.run("account", "list").out()).isEqualTo("There are no accounts yet.\n");
    }

    @Test
    void whatIsTooLongIsUsage() {
        commands.run("domain", "add", "example.org");
        String longest = "x".repeat(64) + "@example.org";
        assertThat(commands.run("account", "add", longest, "--generate").code()).isZero();
        Ran longer = commands.run("account", "add", "x" + longest, "--generate");
        assertThat(longer)
                .isEqualTo(
                        new Ran(1, "", "mansio: the part before the @ must have 1 to 64 octets\n"));
        String label = "x".repeat(63) + ".";
        assertThat(commands.run("domain", "add", label.repeat(3) + "example").code()).isZero();
        assertThat(commands.run("domain", "add", label.repeat(4) + "example").code()).isEqualTo(2);
        assertThat(commands.run("domain", "add", "x" + label + "example").code()).isEqualTo(2);
        assertThat(commands.run("account", "quota", longest, "99999999999999999999GiB").code())
                .isEqualTo(2);
        assertThat(commands.run("domain", "separators", "example.org", "+-_=#~!%&").code())
                .isEqualTo(1);
        assertThat(commands.run("trace", "x".repeat(100_000)).code()).isEqualTo(1);
    }
}
