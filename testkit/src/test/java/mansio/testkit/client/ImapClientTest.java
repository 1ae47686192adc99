package mansio.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import mansio.net.dial.Target;
import mansio.testkit.sim.FakeNetwork;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class ImapClientTest {
    private static final InetSocketAddress AT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 143);

    @FunctionalInterface
    private interface Talk {
        void talk(ImapClient client) throws Exception;
    }

    /** A server that expects and says what it is told to. */
    private static void against(String script, Talk talk) {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(
                    seed,
                    sim -> {
                        FakeNetwork network = new FakeNetwork(sim, Faults.NONE);
                        network.serve(
                                AT,
                                sim.node("server"),
                                connection -> {
                                    LineClient peer = new LineClient(connection, sim.time());
                                    for (String line : script.split("\n")) {
                                        if (line.startsWith("S: ")) {
                                            String text =
                                                    line.substring(3).replace("\\r\\n", "\r\n");
                                            peer.send(text);
                                        } else {
                                            peer.expect(line.substring(3));
                                        }
                                    }
                                });
                        Target target = new Target(AT, "localhost", Target.Trust.ANY);
                        try (ImapClient client = ImapClient.dial(network, target, sim.time())) {
                            talk.talk(client);
                        }
                    });
        }
    }

    @Test
    void literalsArePartOfTheLine() {
        against(
                """
                S: * OK ready
                C: t1 SELECT "INBOX"
                S: * 3 EXISTS
                S: t1 OK [READ-WRITE] done
                C: t2 FETCH 1 (BODY.PEEK[])
                S: * 1 FETCH (UID 7 BODY[] {6}\\r\\na\\r\\nb\\r\\n FLAGS ())
                S: * 2 EXPUNGE
                S: t2 OK done
                """,
                client -> {
                    assertThat(client.select("INBOX")).isEqualTo(3);
                    assertThat(client.fetch(1, "BODY.PEEK[]"))
                            .isEqualTo("a\r\nb\r\n".getBytes(US_ASCII));
                });
    }

    @Test
    void appendWaitsForTheContinuation() {
        against(
                """
                S: * OK ready
                C: t1 APPEND "a \\"b\\"" (\\Seen) {3}
                S: + go on
                C: abc
                S: t1 OK [APPENDUID 1 2] done
                """,
                client ->
                        assertThat(
                                        client.append("a \"b\"", "\\Seen", "abc".getBytes(US_ASCII))
                                                .text())
                                .isEqualTo("[APPENDUID 1 2] done"));
    }

    @Test
    void aRefusalFailsWithTheDialogue() {
        against(
                """
                S: * OK ready
                C: t1 NOOP
                S: t1 BAD never
                """,
                client ->
                        assertThatThrownBy(() -> client.ok("NOOP"))
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining("C: t1 NOOP")
                                .hasMessageContaining("S: t1 BAD never"));
    }
}
