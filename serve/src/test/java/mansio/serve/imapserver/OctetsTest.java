package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.listen.Connection;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What no text file can hold. */
class OctetsTest {
    /** RFC 3516 section 4.4: NUL comes in a literal8 only, and comes back as it was. */
    @Test
    void nulNeedsALiteral8() {
        Simulation.run(
                1,
                simulation -> {
                    try (Connection client = new ImapHouse(simulation).dial()) {
                        send(client, "a LOGIN fred pencil\r\n");
                        send(client, "b APPEND INBOX {9+}\r\na: b\r\n\r\n\0\r\n");
                        send(client, "c APPEND INBOX ~{9+}\r\na: b\r\n\r\n\0\r\n");
                        send(client, "d SELECT INBOX\r\ne FETCH 1 BINARY[]\r\nf LOGOUT\r\n");
                        assertThat(listen(client))
                                .contains("b BAD A message with NUL needs a literal8")
                                .contains("c OK [APPENDUID ")
                                .contains("* 1 FETCH (BINARY[] ~{9}\r\na: b\r\n\r\n\0 FLAGS");
                    }
                });
    }

    /** RFC 3502: all or nothing; what the messages keep in memory until the end has a bound. */
    @Test
    void multiappendKeepsSoMuchAndNoMore() {
        Simulation.run(
                1,
                simulation -> {
                    String message = "a: b\r\n\r\n" + "x".repeat(9_000) + "\r\n";
                    String each = " {" + message.length() + "+}\r\n" + message;
                    try (Connection client = new ImapHouse(simulation).dial()) {
                        send(client, "a LOGIN fred pencil\r\n");
                        send(client, "b APPEND INBOX" + each.repeat(200) + "\r\n");
                        send(client, "c APPEND INBOX" + each.repeat(300) + "\r\n");
                        send(client, "d STATUS INBOX (MESSAGES)\r\ne LOGOUT\r\n");
                        assertThat(listen(client))
                                .contains("b OK [APPENDUID ")
                                .contains("c NO [LIMIT] Too many messages at once, send fewer\r\n")
                                .contains("* STATUS INBOX (MESSAGES 200)");
                    }
                });
    }

    private static void send(Connection client, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        client.out().write(octets, 0, octets.length);
        client.out().flush();
    }

    private static String listen(Connection client) throws IOException {
        StringBuilder said = new StringBuilder();
        byte[] buffer = new byte[4096];
        int count = client.in().read(buffer, 0, buffer.length);
        while (count > 0) {
            said.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            count = client.in().read(buffer, 0, buffer.length);
        }
        return said.toString();
    }
}
