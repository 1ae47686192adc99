package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.app.main.CommandRunner.Ran;
import mansio.app.wiring.Machine;
import mansio.app.wiring.Offline;
import mansio.app.wiring.State;
import mansio.state.config.ConfigFile;
import mansio.state.store.DiskSettings.Loss;
import mansio.testkit.dns.ZoneServer;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What commands print and how they end, on a store that no server holds. */
class CommandLineTest {
    @TempDir Path place;
    private Path data;

    @BeforeEach
    void folder() {
        data = place.resolve("data");
    }

    private Ran run(String... words) {
        return new CommandRunner(data).run(words);
    }

    private Ran typing(String in, String... words) {
        return new CommandRunner(data).typing(in, words);
    }

    @Test
    void accountsAndAliasesFromTheFirstDomainOn() throws Exception {
        assertThat(run("domain", "add", "example.org"))
                .isEqualTo(new Ran(0, "The domain example.org is added.\n", ""));
        assertThat(run("domain", "add", "example.org"))
                .isEqualTo(new Ran(1, "", "mansio: the domain example.org is here already\n"));
        assertThat(
                        typing(
                                "correct horse\n",
                                "account",
                                "add",
                                "ann@example.org",
                                "--password-stdin"))
                .isEqualTo(new Ran(0, "The account ann@example.org is added.\n", ""));
        assertThat(run("account", "add", "bob@example.org", "--generate", "--json").out())
                .matches("\\{\"address\":\"bob@example.org\",\"password\":\"[a-z2-9]{16}\"}\n");
        assertThat(run("alias", "add", "team@example.org", "ann@example.org", "bob@example.org"))
                .isEqualTo(
                        new Ran(
                                0,
                                "Mail for team@example.org goes to ann@example.org,"
                                        + " bob@example.org.\n",
                                ""));
        Ran why = run("explain-address", "team@example.org", "--json");
        assertThat(why.code()).isZero();
        assertThat(why.out()).contains("\"fate\":\"LOCAL\"").contains("bob@example.org");
        assertThat(run("explain-address", "nobody@example.org").code()).isEqualTo(1);

        Path passwd = place.resolve("passwd");
        Files.writeString(passwd, "cyd:{PLAIN}a secret\n# none\ndora:{MD5}no\n");
        Ran taken =
                run(
                        "account",
                        "import",
                        "--passwd-file",
                        passwd.toString(),
                        "--domain=example.org");
        assertThat(taken.code()).isEqualTo(1);
        assertThat(taken.out())
                .startsWith("line 1: cyd kept\nline 3: dora refused: ")
                .endsWith("1 kept, 1 refused.\n")
                .doesNotContain("a secret");
        assertThat(run("account", "remove", "cyd@example.org").code()).isZero();
        assertThat(run("account", "list").out()).isEqualTo("ann@example.org\nbob@example.org\n");

        assertThat(run("verify"))
                .isEqualTo(new Ran(0, "Everything that is stored is whole.\n", ""));
        assertThat(run("status", "--json").out())
                .contains("\"version\":\"0.1.0\"", "\"queued\":0", "\"accounts\":2")
                .doesNotContain("\"server\"");
        assertThat(run("queue", "list")).isEqualTo(new Ran(0, "The queue is empty.\n", ""));
        assertThat(run("queue", "show", "0000000000000").code()).isEqualTo(1);
        assertThat(run("trace", "ann@example.org"))
                .isEqualTo(new Ran(1, "Nothing is known of ann@example.org.\n", ""));
        assertThat(run("stop").err()).startsWith("mansio: no server runs on");
    }

    @Test
    void domainsAndAccountsHaveSettings() {
        run("domain", "add", "example.org");
        run("account", "add", "ann@example.org", "--generate");
        run("account", "add", "bob@example.org", "--generate");
        assertThat(run("domain", "admin", "example.org", "bob@example.org").out())
                .contains("postmaster  bob@example.org");
        assertThat(run("domain", "catch-all", "example.org", "ann@example.org").out())
                .contains("catch-all   ann@example.org");
        assertThat(run("explain-address", "nobody@example.org").out()).contains("ann@example.org");
        assertThat(run("domain", "catch-all", "example.org").out()).contains("catch-all   none");
        assertThat(run("domain", "separators", "example.org", "+_").out())
                .contains("separators  +_");
        assertThat(run("explain-address", "ann_shop@example.org").out())
                .contains("ann@example.org");
        assertThat(run("account", "disable", "ann@example.org").out()).contains("cannot log in");
        assertThat(run("account", "list").out()).contains("ann@example.org  (disabled)");
        assertThat(run("account", "enable", "ann@example.org").out()).contains("can log in");
        assertThat(run("account", "quota", "ann@example.org", "1MiB").out())
                .contains("1048576 bytes");
        assertThat(run("account", "quota", "ann@example.org", "much").code()).isEqualTo(2);
        Ran unknown = run("domain", "admin", "example.org", "eve@example.org");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("eve@example.org");
    }

    @Test
    void aFolderInUseIsSaidInOneSentence() throws Exception {
        run("domain", "add", "example.org");
        Machine machine = Machine.real();
        Offline.Opening opening = new Offline.Opening(data, Optional.empty(), Loss.REFUSE);
        try (State state = Offline.open(opening, machine)) {
            Ran busy = run("domain", "list");
            assertThat(busy.err())
                    .isEqualTo(
                            "mansio: the data folder %s is in use by another mansio (pid %d)\n"
                                    .formatted(data, ProcessHandle.current().pid()));
            assertThat(busy.code()).isEqualTo(75);
            assertThat(run("serve", "--local=33000").code()).isEqualTo(75);
            assertThat(state.directory().domains()).hasSize(1);
        }
    }

    @Test
    void usageIsTold() {
        assertThat(run("account", "add", "no address").code()).isEqualTo(2);
        assertThat(run("account", "add", "no address").err())
                .contains("'no address' is not a mail address");
        assertThat(run("domain", "add", "-bad-").code()).isEqualTo(2);
        assertThat(run("domain").code()).isEqualTo(2);
        assertThat(run("frobnicate").code()).isEqualTo(2);
        assertThat(run("account", "add", "a@example.org", "--password-stdin", "--generate").code())
                .isEqualTo(2);
        assertThat(run("serve", "--local", "--config", "x").code()).isEqualTo(2);
    }

    @Test
    void nothingIsMadeByQuestions() {
        Ran listed = run("account", "list");
        assertThat(listed.code()).isEqualTo(1);
        assertThat(listed.err()).startsWith("mansio: there is no data folder of a mansio at ");
        assertThat(data).doesNotExist();
        assertThat(run("account", "add", "a@example.org").err()).contains("--password-stdin");
        assertThat(run("account", "import", "--passwd-file", "/nonexistent").err())
                .isEqualTo("mansio: there is no file /nonexistent\n");
        assertThat(run("serve", "--config", "/nonexistent").err())
                .startsWith("mansio: there is no configuration /nonexistent");
    }

    @Test
    void aNewerFormatIsNotTouched() throws Exception {
        run("domain", "add", "example.org");
        Files.writeString(data.resolve("format"), "written-by 9\nreadable-from 9\n");
        Ran ran = run("status");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("was written by a newer mansio");
    }

    @Test
    void quickstartWritesWhatServeReads() throws Exception {
        Ran made = run("quickstart", "ann@example.org");
        assertThat(made.err()).isEmpty();
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains("Its password, shown only now: ").contains("MX  10");
        Path config = place.resolve("mansio.toml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                .isEqualTo("rw-------");
        assertThat(ConfigFile.load(config).hostname()).hasToString("mail.example.org");
        assertThat(ConfigFile.load(config).data()).contains(data);
        assertThat(run("quickstart", "bob@example.org").err()).contains("is there already");
        assertThat(run("account", "list").out()).isEqualTo("ann@example.org\n");
    }

    @Test
    void keysAndTheirRecords() throws Exception {
        run("domain", "add", "example.org");
        Ran list = run("dkim", "list");
        assertThat(list.out()).contains(" ed25519: made since ").contains(" rsa-2048: made since ");
        Path pem = place.resolve("own.private");
        KeyMaterial key = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
        Files.writeString(pem, key.pem());
        String[] words = {"dkim", "import", "--domain=example.org", "--selector=mail"};
        Ran taken = run(words[0], words[1], words[2], words[3], "--private=" + pem);
        assertThat(taken.err()).isEmpty();
        assertThat(taken.out()).contains("example.org mail rsa-2048: made");
        assertThat(run("dkim", "activate", "example.org", "mail").out())
                .contains("mail rsa-2048: active");
        Ran zone = run("dns", "print", "example.org", "--format=bind", "--ip=192.0.2.1");
        assertThat(zone.out())
                .contains("mail._domainkey.example.org. 3600 IN TXT \"v=DKIM1; k=rsa; p=");
        JsonNode records =
                JsonMapper.shared().readTree(run("dns", "print", "--ip=192.0.2.1", "--json").out());
        assertThat(records.isArray()).isTrue();
        assertThat(records.valueStream().map(it -> it.get("value").asString()))
                .contains(key.record());
        Path table = place.resolve("KeyTable");
        Files.writeString(
                table,
                "a example.org:old:%s\nb example.org:gone:%s.gone\nc other.example:x:%s\n"
                        .formatted(pem, pem, pem));
        Path signing = place.resolve("SigningTable");
        Files.writeString(signing, "*@example.org a\nx@example.org b\n*@other.example c\n");
        Ran tables = run("dkim", "import", "--key-table=" + table, "--signing-table=" + signing);
        assertThat(tables.code()).isEqualTo(1);
        assertThat(tables.out())
                .contains("key table, line 1: a example.org:old:", ": kept\n")
                .contains("its file cannot be read", "other.example is no domain of this server")
                .endsWith("4 kept, 0 changed, 2 dropped.\n");
        assertThat(run("dkim", "list").out()).contains("example.org old rsa-2048: made");
        Files.writeString(pem, "nonsense");
        Ran refused = run(words[0], words[1], words[2], "--selector=x", "--private=" + pem);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("cannot be read");
        assertThat(run("dns", "print", "other.example").err()).contains("no domain of this server");
    }

    /** Of a server that asks a DNS on loopback. */
    static String configuration(Path data, ZoneServer dns) {
        return """
        hostname = "mail.example.org"
        data = "%s"
        certificate = [{ chain = "none", key = "none" }]

        [dns]
        servers = ["%s"]
        dnssec = "off"
        """
                .formatted(
                        data,
                        dns.address().getAddress().getHostAddress()
                                + ":"
                                + dns.address().getPort());
    }

    /** What is printed is published, and then all is good. */
    @Test
    void theWorldSeesWhatIsPublished() throws Exception {
        run("domain", "add", "example.org");
        try (ZoneServer dns = ZoneServer.start(0);
                ServerSocket mail = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
            Path config = place.resolve("mansio.toml");
            Files.writeString(config, configuration(data, dns));
            String[] check = {
                "dns",
                "check",
                "example.org",
                "--config=" + config,
                "--ip=192.0.2.1",
                "--authority=127.0.0.1:" + dns.address().getPort(),
                "--probe=127.0.0.1:" + mail.getLocalPort()
            };
            dns.zone(".", "");
            Ran before = run(check);
            assertThat(before.code()).isEqualTo(1);
            assertThat(before.out())
                    .contains("missing   example.org  MX")
                    .contains("paste: example.org. 3600 IN MX 10 mail.example.org.")
                    .contains("To be mended: ");
            Ran zone = run("dns", "print", "--config=" + config, "--format=bind", "--ip=192.0.2.1");
            dns.zone(".", zone.out() + "1.2.0.192.in-addr.arpa. PTR mail.example.org.");
            Ran after = run(check);
            assertThat(after.err()).isEmpty();
            assertThat(after.out())
                    .contains("good      example.org  MX")
                    .endsWith("All is good.\n");
            assertThat(after.code()).isZero();
            dns.zone(".", ";! * servfail");
            Ran broken = run(check);
            assertThat(broken.out()).endsWith("try again later.\n");
            assertThat(broken.code()).isEqualTo(75);
        }
    }

    @Test
    void offlineCommandsKeepPasswordsAsTheServerWould() throws Exception {
        run("domain", "add", "example.org");
        Path config = place.resolve("mansio.toml");
        Files.writeString(
                config,
                """
                hostname = "mail.example.org"
                data = "%s"
                certificate = [{ chain = "none", key = "none" }]
                passwords.min_length = 20
                """
                        .formatted(data));
        String[] add = {"account", "add", "ann@example.org", "--password-stdin"};
        Ran refused = typing("only 17 letters..\n", withConfig(config, add));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("20");
        assertThat(typing("only 17 letters..\n", add).code()).isZero();
        // The data folder is found there, too.
        assertThat(CommandRunner.bare("account", "list", "--config", config.toString()).out())
                .isEqualTo("ann@example.org\n");
        assertThat(CommandRunner.bare("account", "list", "--config", "/nonexistent").err())
                .isEqualTo("mansio: there is no configuration /nonexistent\n");
        Files.writeString(config, "hostnam = \"mail.example.org\"\n");
        Ran wrong = CommandRunner.bare("account", "list", "--config", config.toString());
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains(config + ": line 1: ").contains("hostnam");
    }

    private static String[] withConfig(Path config, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", config.toString()));
        return all.toArray(String[]::new);
    }

    @Test
    void nothingThatStrangersWroteSteersTheTerminal() throws Exception {
        run("domain", "add", "example.org");
        String term = "\u001b]0;owned\u0007 \u009b31m \u202egpj.exe\ntwo";
        Ran trace = run("trace", term);
        assertThat(trace.out())
                .isEqualTo(
                        "Nothing is known of \\u001b]0;owned\\u0007 \\u009b31m"
                                + " \\u202egpj.exe\\u000atwo.\n");
        String json = run("trace", term, "--json").out();
        assertThat(json).doesNotContain("\u009b").doesNotContain("\u202e").doesNotContain("\u001b");
        assertThat(JsonMapper.shared().readTree(json).get("term").asString()).isEqualTo(term);
        assertThat(run("frobnicate\u001b[2J").err()).doesNotContain("\u001b");
    }

    @Test
    void aFolderWhosePathIsTooLongForTheSocketIsRefusedBeforeAnythingIsMade() {
        data = place.resolve("x".repeat(100));
        for (String[] words :
                List.of(
                        new String[] {"serve", "--local=33000"},
                        new String[] {"domain", "add", "example.org"},
                        new String[] {"quickstart", "ann@example.org"})) {
            Ran ran = run(words);
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err())
                    .startsWith("mansio: the path of the data folder is ")
                    .contains(" bytes too long for the socket")
                    .contains("choose a shorter one than " + data);
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void ownersAreComparedByNumber() throws Exception {
        Files.createDirectory(data);
        Ownership.check(data);
        long me = ((Number) Files.getAttribute(data, "unix:uid")).longValue();
        assertThatThrownBy(() -> Ownership.check(data, me + 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to the user " + Files.getOwner(data).getName())
                .hasMessageContaining("sudo -u ");
    }
}
