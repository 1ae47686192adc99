package mansio.testkit.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.testkit.sim.FakeNetwork;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;
import mansio.testkit.sim.SimulationFailure;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class DialoguePlayerTest {
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 143);

    private final List<String> actions = new ArrayList<>();

    /** A server that says back what it hears, and closes at "bye". */
    private static void echo(Connection connection) throws IOException {
        LineReader reader =
                new LineReader(connection.in(), new BufferPool(64, 1), BareLf.ENDS_LINE);
        while (reader.readLine(100) instanceof Line.Text line && !line.latin1().equals("bye")) {
            byte[] answer = (line.latin1() + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            connection.out().write(answer, 0, answer.length);
            connection.out().flush();
        }
    }

    private void play(String dialogue) {
        Simulation.run(
                1,
                simulation -> {
                    FakeNetwork network = new FakeNetwork(simulation, Faults.NONE);
                    network.serve(SERVER, simulation.node("server"), DialoguePlayerTest::echo);
                    Target target = new Target(SERVER, "localhost", Target.Trust.ANY);
                    new DialoguePlayer(
                                    () -> network.dial(target, Long.MAX_VALUE),
                                    simulation.time(),
                                    actions::add)
                            .with("WHO", "me")
                            .play(Dialogue.parse("test", dialogue));
                });
    }

    @Test
    void playsSeveralConnections() {
        play(
                """
                # comment
                C: hello {{WHO}}
                C2: good day
                S: hello me
                S2: *~ good d.*
                C: 1
                C: 2
                C: 3
                S: *...
                S: 3
                ! deliver now
                C: bye
                ! end
                """);
        assertThat(actions).containsExactly("deliver now");
    }

    @Test
    void saysWhereTheServerAnsweredOtherwise() {
        assertThatThrownBy(() -> play("C: hello\nS: hallo\n"))
                .isInstanceOf(SimulationFailure.class)
                .hasStackTraceContaining("test:2: expected");
        assertThatThrownBy(() -> play("C: bye\nS: bye\n"))
                .isInstanceOf(SimulationFailure.class)
                .hasStackTraceContaining("nothing more came");
    }
}
