package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Messages that others signed, the examples of the RFCs among them. */
class SampleMessagesTest {
    private static final Instant NOW = Instant.parse("2023-06-01T00:00:00Z");

    /** Keys, an empty line, the message. */
    private record Sample(Samples samples, byte[] message) {
        static Sample of(String name, Instant now) {
            String[] parts = Samples.resource(name).split("\n\n", 2);
            Samples samples = new Samples(now);
            for (String line : parts[0].split("\n")) {
                int space = line.indexOf(' ');
                samples.publish(line.substring(0, space), line.substring(space + 1).strip());
            }
            return new Sample(samples, Samples.crlf(parts[1]));
        }
    }

    private static List<String> states(List<DkimResult> results) {
        List<String> states = new ArrayList<>();
        for (DkimResult result : results) {
            states.add(result.state() + (result.reason().isEmpty() ? "" : " " + result.reason()));
        }
        return states;
    }

    @ParameterizedTest
    @CsvSource({
        "mail-auth/001.txt, 2",
        "mail-auth/002.txt, 1",
        "mail-auth/003.txt, 2",
        "mail-auth/004.txt, 1",
        "mail-auth/006.txt, 1",
        "mail-auth-arc/002.txt, 1"
    })
    void signaturesOfOthersHold(String name, int signatures) {
        Sample sample = Sample.of("/dkim/" + name, NOW);
        List<DkimResult> results = sample.samples.verify(sample.message);
        assertThat(states(results)).hasSize(signatures).containsOnly("PASS");
    }

    @Test
    void aSignatureExpires() {
        Sample sample = Sample.of("/dkim/mail-auth/005.txt", NOW);
        assertThat(states(sample.samples.verify(sample.message)))
                .containsExactly("FAIL the signature expired at 2022-11-08T17:54:24Z");
        Sample inTime = Sample.of("/dkim/mail-auth/005.txt", Instant.ofEpochSecond(1667930064));
        assertThat(states(inTime.samples.verify(inTime.message))).containsExactly("PASS");
    }
}
