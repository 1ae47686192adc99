package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** A changed password ends the sessions of its account, whatever they do. */
@Timeout(300)
class PasswordChangeTest {
    /**
     * Sessions that are not cut off stay for half an hour. {@code
     * mansio.serve.imapserver.ChangedPasswordTest} measures how soon it is, in simulated time.
     */
    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir Path place;

    @Test
    void sessionsOfTheAccountEndAndOthersDoNot() throws IOException {
        CommandRunner commands = new CommandRunner(place.resolve("data"));
        try (ServerHouse house = new ServerHouse(commands.data(), 0)) {
            String ann = "ann@local.test";
            assertThat(
                            commands.typing(
                                            "a first password\n",
                                            "account",
                                            "add",
                                            ann,
                                            "--password-stdin")
                                    .code())
                    .isZero();
            String me = "me@local.test";
            try (Client idling = imap(house, me, house.password);
                    Client waiting = imap(house, me, house.password);
                    Client sending = smtp(house, me, house.password);
                    Client other = imap(house, ann, "a first password")) {
                idling.says("b SELECT INBOX");
                idling.hears("b OK");
                idling.says("c IDLE");
                idling.hears("+ ");
                sending.says("MAIL FROM:<me@local.test>");
                sending.hears("250");
                var changed =
                        commands.typing(
                                "another password\n",
                                "account",
                                "password",
                                me,
                                "--password-stdin");
                assertThat(changed.code()).isZero();
                for (Client client : List.of(idling, waiting, sending)) client.isCutOff();
                other.says("d NOOP");
                other.hears("d OK");
            }
            try (Client again = imap(house, me, "another password")) {
                again.says("b NOOP");
                again.hears("b OK");
            }
        }
    }

    private static Client imap(ServerHouse house, String name, String password) throws IOException {
        Client client = new Client(house.base + 143);
        client.says("a LOGIN " + name + " \"" + password + "\"");
        client.hears("a OK");
        return client;
    }

    private static Client smtp(ServerHouse house, String name, String password) throws IOException {
        Client client = new Client(house.base + 587);
        client.says("EHLO client.example");
        client.hears("250 ");
        byte[] plain = ("\0" + name + "\0" + password).getBytes(StandardCharsets.UTF_8);
        client.says("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
        client.hears("235");
        return client;
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        void says(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        void hears(String start) throws IOException {
            String line = in.readLine();
            while (line != null && !line.startsWith(start)) line = in.readLine();
            assertThat(line).as("the server's %s", start).isNotNull();
        }

        /** The end, perhaps behind a last word. */
        void isCutOff() throws IOException {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    assertThat(line).containsAnyOf("BYE", "421");
                }
            } catch (java.net.SocketException e) {
                assertThat(e).as("cut off too").hasMessageContaining("reset");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
