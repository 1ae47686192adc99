package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.listen.Connection;
import mansio.state.mailbox.MailboxName;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What was sent in plain text behind STARTTLS is never obeyed (RFC 9051 section 6.2.1): it is
 * thrown away, or it breaks the handshake, depending on how the network cuts it.
 */
class StartTlsInjectionTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void plainCommandsAreNotObeyedUnderTls(long seed) {
        Simulation.run(seed, StartTlsInjectionTest::inject);
    }

    private static void inject(Simulation simulation) throws IOException {
        ImapHouse house = new ImapHouse(simulation);
        try (Connection client = house.dialStrict()) {
            send(client, "a1 STARTTLS\r\na2 LOGIN fred pencil\r\na3 CREATE Evil\r\n");
            try {
                client.startTls();
                send(client, "a4 LOGIN fred pencil\r\na5 LOGOUT\r\n");
            } catch (IOException e) {
                simulation.trace("the handshake failed");
            }
            byte[] said = new byte[4096];
            StringBuilder all = new StringBuilder();
            int count = read(client, said);
            while (count > 0) {
                all.append(new String(said, 0, count, StandardCharsets.ISO_8859_1));
                count = read(client, said);
            }
            assertThat(all.toString()).doesNotContain("a2 ").doesNotContain("a3 ");
        }
        assertThat(house.accounts.open(house.people.accounts.getFirst().id()))
                .satisfies(
                        mail ->
                                assertThat(mail.mailbox(new MailboxName(java.util.List.of("Evil"))))
                                        .isEmpty());
    }

    private static int read(Connection client, byte[] to) {
        try {
            return client.in().read(to, 0, to.length);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void send(Connection client, String lines) throws IOException {
        byte[] octets = lines.getBytes(StandardCharsets.US_ASCII);
        client.out().write(octets, 0, octets.length);
        client.out().flush();
    }
}
