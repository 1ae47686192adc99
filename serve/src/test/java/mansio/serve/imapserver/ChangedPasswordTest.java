package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.listen.Connection;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Within a second of a changed password the sessions of its account are over. Measured in the
 * simulation's time, which passes only when everybody waits: what takes long here waits for
 * something.
 */
class ChangedPasswordTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @Test
    void sessionsEndWithinASecondWhateverTheyDo() {
        Simulation.run(1, ChangedPasswordTest::change);
    }

    private static void change(Simulation simulation) throws IOException {
        ImapHouse house = new ImapHouse(simulation);
        Connection waiting = loggedIn(house, "fred");
        Connection idling = loggedIn(house, "fred");
        say(idling, "b SELECT INBOX\r\nc IDLE\r\n", "+ ");
        // Half of a message, and the rest does not come.
        Connection sending = loggedIn(house, "fred");
        say(sending, "b APPEND INBOX {1000}\r\n", "+ ");
        say(sending, "Subject: half\r\n", "");
        Connection other = loggedIn(house, "smith");
        simulation.time().sleep(Duration.ofMinutes(2));

        long before = simulation.time().nanos();
        house.changeThePasswordOfFred();
        for (Connection connection : List.of(waiting, idling, sending)) {
            assertThatThrownBy(() -> say(connection, "", "never"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
        assertThat(Duration.ofNanos(simulation.time().nanos() - before)).isLessThan(AT_ONCE);
        say(other, "b NOOP\r\n", "b OK");
    }

    private static Connection loggedIn(ImapHouse house, String name) throws IOException {
        Connection connection = house.dial();
        say(connection, "a LOGIN " + name + " pencil\r\n", "a OK");
        return connection;
    }

    private static void say(Connection connection, String lines, String hears) throws IOException {
        byte[] octets = lines.getBytes(StandardCharsets.US_ASCII);
        connection.out().write(octets, 0, octets.length);
        connection.out().flush();
        StringBuilder heard = new StringBuilder();
        byte[] some = new byte[1024];
        while (!heard.toString().contains(hears)) {
            int count = connection.in().read(some, 0, some.length);
            if (count < 0) throw new IOException("closed after: " + heard);
            heard.append(new String(some, 0, count, StandardCharsets.US_ASCII));
        }
    }
}
