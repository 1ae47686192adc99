package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.state.queue.Suppression;
import mansio.testkit.dns.ZoneServer;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@code --json} prints has the keys that docs/cli.md promises, asked of a running server. */
class JsonShapesTest {
    @TempDir Path place;
    private CommandRunner commands;
    private ServerHouse house;

    /** Keys that were seen, by command. A key in an array or object is {@code above.below}. */
    private final Map<String, Set<String>> seen = new TreeMap<>();

    @BeforeEach
    void serve() throws IOException {
        commands = new CommandRunner(place.resolve("data"));
        house = new ServerHouse(commands.data(), 0);
    }

    @AfterEach
    void stop() {
        house.close();
    }

    private JsonNode json(String command, String... words) {
        String[] all = new String[words.length + 1];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--json";
        CommandRunner.Ran ran = commands.run(all);
        assertThat(ran.err()).as(command).isEmpty();
        assertThat(ran.out().lines()).as(command).hasSize(1);
        JsonNode answer = JsonMapper.shared().readTree(ran.out());
        collect(answer, "", seen.computeIfAbsent(command, _ -> new TreeSet<>()));
        return answer;
    }

    private static void collect(JsonNode node, String above, Set<String> keys) {
        if (node.isArray()) node.forEach(element -> collect(element, above, keys));
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String key = above + property.getKey();
            keys.add(key);
            collect(property.getValue(), key + ".", keys);
        }
    }

    @Test
    void everyCommandHasTheKeysOfItsDocumentation() throws IOException {
        json("domain add", "domain", "add", "example.org");
        dkim();
        json("domain catch-all", "domain", "catch-all", "local.test", "me@local.test");
        json("domain show", "domain", "show", "local.test");
        json("domain list", "domain", "list");
        json("domain admin", "domain", "admin", "local.test", "me@local.test");
        json("domain separators", "domain", "separators", "local.test", "+");
        json("domain remove", "domain", "remove", "example.org");
        json("account add", "account", "add", "ann@local.test", "--generate");
        json("account password", "account", "password", "ann@local.test", "--generate");
        json("account quota", "account", "quota", "ann@local.test", "1MiB");
        json("account disable", "account", "disable", "ann@local.test");
        json("account enable", "account", "enable", "ann@local.test");
        json("account list", "account", "list");
        Path users = place.resolve("users");
        Files.writeString(users, "cyd:{PLAIN}a secret\n");
        String file = users.toString();
        json("account import", "account", "import", "--passwd-file=" + file, "--domain=local.test");
        json("alias add", "alias", "add", "team@local.test", "ann@local.test");
        json("alias list", "alias", "list");
        json("alias remove", "alias", "remove", "team@local.test");
        json("account remove", "account", "remove", "cyd@local.test");
        json("rewrite add", "rewrite", "add", "generic", "@example.org", "@isp.example");
        json("rewrite list", "rewrite", "list");
        json("rewrite remove", "rewrite", "remove", "generic", "@example.org");
        json("route add", "route", "add", "example.com", "smtp://relay.example.net");
        json("route list", "route", "list");
        json("route test", "route", "test", "nobody.example.org");
        json("route remove", "route", "remove", "example.com");
        json("route templates", "route", "templates");
        json("explain-address", "explain-address", "ann@local.test");
        json("explain-address", "explain-address", "nobody@remote.example");
        explain();
        String id = json("send", "send", "--to", "me@local.test").get("queueId").asString();
        json("trace", "trace", id);
        waiting();
        String waits =
                json("queue list", "queue", "list").get("entries").get(0).get("id").asString();
        seen.get("queue list").add("groups.next"); // Nothing is planned for held mail.
        json("queue show", "queue", "show", waits);
        json("queue hold", "queue", "hold", waits);
        json("queue release", "queue", "release", waits);
        json("queue retry", "queue", "retry", waits);
        json("queue lanes", "queue", "lanes");
        seen.get("queue lanes").add("summary.lanes.next"); // Nothing is planned for held mail.
        json("queue retry --all", "queue", "retry", "--all");
        json("queue bounce", "queue", "bounce", waits);
        waiting();
        String other =
                json("queue list", "queue", "list").get("entries").get(0).get("id").asString();
        json("queue remove", "queue", "remove", other);
        suppressed();
        json("verify", "verify");
        json("status", "status");
        seen.get("status").addAll(Set.of("held", "held.lane", "held.messages", "held.reason"));
        json("refusals", "domain", "add", "local.test");
        json("stop", "stop");
        assertThat(house.stopped.getCount()).isZero();
        commands = new CommandRunner(place.resolve("new").resolve("data"));
        json("quickstart", "quickstart", "ann@example.org");
        seen.get("quickstart").add("user"); // Told to root only.
        assertThat(seen).isEqualTo(promised());
    }

    /** By a DNS that answers nothing, so that there is something to say against it. */
    private void explain() throws IOException {
        try (ZoneServer dns = ZoneServer.start(0)) {
            Path config = place.resolve("mansio.toml");
            Files.writeString(
                    config,
                    """
                    hostname = "mx.local.test"
                    [listen]
                    submission = []
                    submissions = []
                    imap = []
                    imaps = []
                    [dns]
                    servers = ["127.0.0.1:%d"]
                    """
                            .formatted(dns.address().getPort()));
            Path message = place.resolve("message.eml");
            Files.writeString(message, "From: x@remote.example\nSubject: hi\n\nHello\n");
            json(
                    "explain",
                    "explain",
                    message.toString(),
                    "--config=" + config,
                    "--from=x@remote.example",
                    "--ip=192.0.2.1",
                    "--to=me@local.test");
            json(
                    "preflight",
                    "preflight",
                    message.toString(),
                    "--config=" + config,
                    "--ip=192.0.2.1");
        }
    }

    /** Its own server says that an address does not exist. */
    private void suppressed() throws IOException {
        house.state
                .queue()
                .suppressions()
                .add(
                        new Suppression(
                                Address.parse("bob@remote.example"),
                                Instant.now(),
                                "5.1.1",
                                "no such user"));
        // That write is lazy; one behind it is not.
        house.state.queue().suppressions().remove(Address.parse("nobody@remote.example"));
        json("queue suppressed list", "queue", "suppressed", "list");
        json("queue suppressed remove", "queue", "suppressed", "remove", "bob@remote.example");
    }

    /** On a domain that is there only for it. */
    private void dkim() throws IOException {
        json("dkim list", "dkim", "list", "example.org");
        json("dkim show", "dkim", "show", "example.org");
        Path pem = place.resolve("pem");
        Files.writeString(pem, KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256).pem());
        String[] one = {"--private=" + pem, "--domain=example.org", "--selector=old"};
        json("dkim import --private", "dkim", "import", one[0], one[1], one[2]);
        Path table = place.resolve("KeyTable");
        Files.writeString(table, "a example.org:older:" + pem + "\n");
        json("dkim import --key-table", "dkim", "import", "--key-table=" + table);
        json("dkim rotate", "dkim", "rotate", "example.org", "--now");
        String[] added = {"dkim", "add", "example.org", "--selector=one", "--algorithm=ed25519"};
        json("dkim add", added);
        json("dkim senders", "dkim", "senders", "example.org", "one", "ann@example.org");
        json("dkim signing", "dkim", "signing", "example.org", "--body=simple", "--expiry=14d");
        json("dkim retire", "dkim", "retire", "example.org", "one");
        json("dkim remove", "dkim", "remove", "example.org", "one");
        json("dmarc report", "dmarc", "report", "example.org", "--forged=spam.example");
        json("dns print", "dns", "print", "example.org", "--ip=192.0.2.1");
        try (ZoneServer dns = ZoneServer.start(0)) {
            dns.zone(".", "example.org. MX 0 .");
            Path config = place.resolve("mansio.toml");
            Files.writeString(config, CommandLineTest.configuration(commands.data(), dns));
            String[] words = {
                "dns", "check", "example.org", "--ip=192.0.2.1", "--config=" + config
            };
            json("dns check", words);
            json(
                    "dns publish",
                    "dns",
                    "publish",
                    "example.org",
                    "--ip=192.0.2.1",
                    "--config=" + config,
                    "--server=127.0.0.1:" + dns.address().getPort(),
                    "--dry-run");
        }
    }

    /** A message that stays in the queue, as it is another server's. */
    private void waiting() {
        json("send", "send", "--to", "bob@remote.example", "--from", "me@local.test");
    }

    /** The table of docs/cli.md: {@code | `command`, `command` | `key` `key` |}. */
    private static Map<String, Set<String>> promised() throws IOException {
        Map<String, Set<String>> promised = new LinkedHashMap<>();
        boolean within = false; // Other tables of the page are not about keys.
        for (String line : Files.readAllLines(Path.of("../docs/cli.md"))) {
            if (line.startsWith("## ")) within = line.contains("--json");
            if (!within || !line.startsWith("| `")) continue;
            String[] cells = line.split("\\|");
            for (String command : words(cells[1])) promised.put(command, words(cells[2]));
        }
        return promised;
    }

    /** What stands between backquotes. */
    private static Set<String> words(String cell) {
        Set<String> words = new TreeSet<>();
        String[] parts = cell.split("`");
        for (int i = 1; i < parts.length; i += 2) words.add(parts[i]);
        return words;
    }
}
