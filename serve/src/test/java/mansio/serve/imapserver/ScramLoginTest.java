package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.codec.sasl.ClientStep;
import mansio.codec.sasl.Credentials;
import mansio.codec.sasl.ScramClient;
import mansio.net.listen.Connection;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** AUTHENTICATE SCRAM-SHA-256: RFC 5802, RFC 7677, with and without an initial response. */
class ScramLoginTest {
    @ParameterizedTest
    @CsvSource({
        "fred, pencil, true, OK",
        "fred, pencil, false, OK",
        "fred, wrong, true, NO",
        "nobody, pencil, true, NO"
    })
    void proves(String user, String password, boolean initialResponse, String expected) {
        Simulation.run(
                1,
                simulation -> {
                    ImapHouse house = new ImapHouse(simulation);
                    ScramClient scram =
                            new ScramClient(
                                    new Credentials(Optional.empty(), user, password),
                                    new ScramClient.Binding.None(),
                                    simulation.random());
                    try (Connection client = house.dial()) {
                        String last = exchange(client, scram, initialResponse);
                        assertThat(last).startsWith("a " + expected);
                        assertThat(scram.mayComplete()).isEqualTo(expected.equals("OK"));
                    }
                });
    }

    private static String exchange(Connection client, ScramClient scram, boolean initialResponse)
            throws IOException {
        LineReader in = new LineReader(client.in(), new BufferPool(1024, 1), BareLf.ENDS_LINE);
        line(in);
        String first = initialResponse ? " " + answer(scram, "") : "";
        send(client, "a AUTHENTICATE SCRAM-SHA-256" + first);
        String said = line(in);
        while (said.startsWith("+ ")) {
            send(client, answer(scram, said.substring(2)));
            said = line(in);
        }
        return said;
    }

    private static String answer(ScramClient scram, String challenge) {
        ClientStep step = scram.step(Base64.getDecoder().decode(challenge));
        return step instanceof ClientStep.Response(byte[] data)
                ? Base64.getEncoder().encodeToString(data)
                : "*";
    }

    private static String line(LineReader in) throws IOException {
        return in.readLine(8192) instanceof Line.Text text ? text.latin1() : "";
    }

    private static void send(Connection client, String line) throws IOException {
        byte[] octets = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
        client.out().write(octets, 0, octets.length);
        client.out().flush();
    }
}
