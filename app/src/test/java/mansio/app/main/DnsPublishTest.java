package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;
import mansio.testkit.dns.Updates;
import mansio.testkit.dns.ZoneServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** {@code mansio dns publish} as a user runs it, over real sockets. */
class DnsPublishTest {
    private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IDMyIG8=";

    @TempDir Path place;
    private CommandRunner commands;
    private ZoneServer dns;
    private Path config;

    @BeforeEach
    void begin() throws IOException {
        commands = new CommandRunner(place.resolve("data"));
        commands.run("domain", "add", "example.org");
        dns = ZoneServer.start(0);
        config = place.resolve("mansio.toml");
        Files.writeString(config, CommandLineTest.configuration(place.resolve("data"), dns));
        dns.zone("example.org.", "@ TXT \"other\"");
        dns.zone("2.0.192.in-addr.arpa.", "1 PTR mail.example.org.");
        dns.updates(Updates.of("mansio", SECRET));
    }

    @AfterEach
    void end() throws IOException {
        dns.close();
    }

    private Ran dns(String in, String command, String... words) {
        List<String> all = new ArrayList<>(List.of("dns", command, "example.org"));
        all.addAll(List.of("--ip=192.0.2.1", "--config=" + config));
        all.addAll(List.of(words));
        return commands.typing(in, all.toArray(String[]::new));
    }

    private Ran publish(String in, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--server=127.0.0.1:" + dns.address().getPort());
        return dns(in, "publish", all.toArray(String[]::new));
    }

    private Path file(String name, String text, String permissions) throws IOException {
        Path file = place.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @Test
    void aPlanChangesNothing() {
        Ran plan = publish("", "--dry-run");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.code()).isZero();
        assertThat(plan.out())
                .startsWith("example.org: would be changed\n")
                .contains("  + example.org. 3600 IN MX 10 mail.example.org.\n")
                .doesNotContain("PTR")
                .endsWith("Nothing was changed; without --dry-run it is published.\n");
        assertThat(publish("", "--dry-run")).isEqualTo(plan);
    }

    @Test
    void publishedAndThenAllIsGood() throws IOException {
        Path secret = file("secret", SECRET + "\n", "rw-------");
        String[] key = {"--key=mansio", "--secret-file=" + secret};
        Ran first = publish("", key);
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .startsWith("example.org: changed\n")
                .contains("What 127.0.0.1:", "good      example.org  MX\n")
                .contains("All is good at 127.0.0.1:");
        assertThat(first.code()).isZero();
        Ran check = dns("", "check", "--authority=127.0.0.1:" + dns.address().getPort());
        assertThat(check.out()).endsWith("All is good.\n");
        Ran second = publish("", key);
        assertThat(second.out()).endsWith("nothing was to be changed.\n");
        assertThat(second.code()).isZero();
        for (String line : commands.run("dkim", "list", "example.org").out().lines().toList()) {
            String selector = line.split(" ")[1];
            assertThat(commands.run("dkim", "activate", "example.org", selector).code()).isZero();
        }
        assertThat(commands.run("dkim", "rotate", "example.org")).matches(it -> it.code() == 0);
        Ran third = publish(SECRET, "--key=mansio", "--secret-file=-");
        assertThat(third.out()).contains("._domainkey.example.org. 3600 IN TXT \"v=DKIM1; k=");
        assertThat(third.code()).isZero();
    }

    @Test
    void keysAreReadFromFilesOfTheirOwner() throws IOException {
        Path open = file("open", SECRET, "rw-r-----");
        Ran others = publish("", "--key=mansio", "--secret-file=" + open);
        assertThat(others.code()).isEqualTo(1);
        assertThat(others.err())
                .isEqualTo(
                        "mansio: others than its owner may use %s; do: chmod 600 %s\n"
                                .formatted(open, open));
        String statement = "key \"%s\" { algorithm hmac-sha256; secret \"" + SECRET + "\"; };\n";
        Path bind =
                file(
                        "keys",
                        statement.formatted("mansio") + statement.formatted("other"),
                        "r--------");
        assertThat(publish("", "--secret-file=" + bind).err()).contains("there are several keys");
        assertThat(publish("", "--secret-file=" + bind, "--key=no").err())
                .contains("there is no key no in it");
        assertThat(
                        publish(
                                        "",
                                        "--secret-file=" + bind,
                                        "--key=mansio",
                                        "--algorithm=hmac-sha1")
                                .err())
                .contains("the key in the file is one of hmac-sha256");
        assertThat(publish("", "--secret-file=" + bind, "--key=other").out())
                .contains("example.org: not changed. BADKEY: the server knows no key other");
        assertThat(publish("", "--secret-file=" + bind, "--key=mansio").code()).isZero();
        assertThat(publish("", "--key=mansio").err()).contains("name its file with --secret-file");
        assertThat(publish("***", "--key=mansio", "--secret-file=-").err())
                .isEqualTo("mansio: the key cannot be read: secret is not Base64\n");
        assertThat(publish(SECRET, "--secret-file=-").err()).contains("name the key with --key");
        assertThat(publish(SECRET, "--key=x", "--algorithm=md5", "--secret-file=-").err())
                .contains("there is no algorithm md5 here");
    }

    @Test
    void whatIsInTheWay() {
        dns.zone("example.org.", "@ MX 5 mx.other.example.\n_dmarc CNAME x.other.example.");
        dns.zone("other.example.", "mx A 192.0.2.77");
        Ran ran = publish(SECRET, "--key=mansio", "--secret-file=-");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("left      example.org  MX\n")
                .contains("          there: 5 mx.other.example\n")
                .contains("          --replace puts ours in its place\n")
                .contains("_dmarc.example.org is an alias (CNAME) of x.other.example")
                .contains("wrong     example.org  MX\n")
                .endsWith("Not all is good yet; mansio dns check says more.\n");
    }

    @Test
    void noServer() throws IOException {
        String server = "--server=127.0.0.1:" + dns.address().getPort();
        dns.close();
        Ran ran = dns(SECRET, "publish", server, "--key=mansio", "--secret-file=-");
        assertThat(ran.code()).isEqualTo(75);
        assertThat(dns("", "publish", "--key=mansio").code()).isEqualTo(2);
    }
}
