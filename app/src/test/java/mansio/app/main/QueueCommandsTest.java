package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code mansio queue}, asked of a server whose mail for others is held. */
class QueueCommandsTest {
    private static final Pattern ID = Pattern.compile("(?m)^([0-9a-z]{13})  .* -> (\\S+)");

    @TempDir Path place;
    private CommandRunner commands;
    private ServerHouse house;

    @BeforeEach
    void serve() throws IOException {
        commands = new CommandRunner(place.resolve("data"));
        house = new ServerHouse(commands.data(), 0);
    }

    @AfterEach
    void stop() {
        house.close();
    }

    private Ran run(String... words) {
        return commands.run(words);
    }

    /** Sends a message and gives its queue id. */
    private String waiting(String to) {
        assertThat(run("send", "--to", to, "--from", "me@local.test").code()).isZero();
        Matcher ids = ID.matcher(run("queue", "list").out());
        while (ids.find()) if (ids.group(2).equals(to)) return ids.group(1);
        throw new AssertionError(run("queue", "list").out());
    }

    @Test
    void groupsThenMessages() {
        waiting("bob@remote.example");
        waiting("cyd@remote.example");
        waiting("dan@other.example");
        String list = run("queue", "list").out();
        assertThat(list.lines().toList()).hasSizeBetween(5, 6).contains("");
        assertThat(list).contains("held: ", "oldest 20", "me@local.test -> cyd@remote.example");
        assertThat(list.indexOf("held: ")).isLessThan(list.indexOf("bob@remote.example"));
        String messages = list.substring(list.indexOf("\n\n"));
        assertThat(run("queue", "list", "--all").out()).endsWith(messages);
        assertThat(run("queue", "lanes").out()).contains("3 messages wait in ", "  held (");
    }

    @Test
    void holdAndRelease() {
        String id = waiting("bob@remote.example");
        assertThat(run("queue", "hold", id))
                .isEqualTo(new Ran(0, id + " is held, for 1 of its recipients.\n", ""));
        assertThat(run("queue", "show", id).out()).contains("held", "administrator");
        assertThat(run("queue", "hold", id).out()).contains("for 0 of its recipients");
        assertThat(run("queue", "release", id).out())
                .isEqualTo(id + " goes on, for 1 of its recipients.\n");
        assertThat(run("queue", "retry", id).out())
                .isEqualTo(id + " is tried again at once, for 1 of its recipients.\n");
        assertThat(run("queue", "retry", "--all").code()).isZero();
        assertThat(run("trace", id).out()).contains("held", "released", "retried");
    }

    @Test
    void bounceAndRemove() {
        String bounced = waiting("bob@remote.example");
        String removed = waiting("cyd@remote.example");
        assertThat(run("queue", "bounce", bounced).out())
                .isEqualTo(
                        bounced + " is given up; the sender is told, for 1 of its recipients.\n");
        assertThat(run("queue", "remove", removed).out()).contains("is removed; nobody is told");
        assertThat(run("queue", "show", bounced).code()).isEqualTo(1);
        assertThat(run("trace", bounced).out()).contains("bounced");
        assertThat(run("trace", "me@local.test").out()).contains("made here").contains(bounced);
        for (String what : new String[] {"hold", "release", "retry", "remove", "bounce"}) {
            assertThat(run("queue", what, removed).code()).as(what).isEqualTo(1);
        }
    }

    @Test
    void suppressedAddresses() {
        assertThat(run("queue", "suppressed", "list").code()).isZero();
        assertThat(run("queue", "suppressed", "remove", "bob@remote.example").code()).isEqualTo(1);
        assertThat(run("queue", "retry").code()).isEqualTo(2);
    }

    @Test
    void withoutAServerRoutesKnowWhereItListened() throws IOException {
        String ourselves = "smtp://127.0.0.1:" + (house.base + 25);
        house.close();
        Ran refused = run("route", "add", "*", ourselves);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is this server itself");
        assertThat(run("route", "add", "*", "smtp://127.0.0.1:9").out())
                .isEqualTo("* -> smtp://127.0.0.1:9 (TLS may)\n");
        CommandRunner never = new CommandRunner(place.resolve("never"));
        never.run("domain", "add", "example.org");
        assertThat(never.run("route", "add", "*", ourselves).out())
                .contains("was not checked: no server has run on this folder yet");
        house = new ServerHouse(commands.data(), 0);
    }

    @Test
    void withoutAServerTheDiskIsRead() throws IOException {
        String id = waiting("bob@remote.example");
        house.close();
        assertThat(run("queue", "list").out()).startsWith(id).hasLineCount(1);
        assertThat(run("queue", "lanes").code()).isEqualTo(1);
        assertThat(run("queue", "retry", "--all").code()).isNotZero();
        assertThat(run("queue", "hold", id).code()).isZero();
        assertThat(run("queue", "list").out()).contains("held: ");
        house = new ServerHouse(commands.data(), 0);
    }
}
