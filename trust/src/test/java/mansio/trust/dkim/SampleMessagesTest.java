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

    @Test
    void theExampleOfRfc6376() {
        // Appendix A.2, with the key of appendix C. The simple form asks for what was signed before
        // the page was set: six spaces in folds, and one in the body.
        String message =
                """
                DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                      c=simple/simple; q=dns/txt; i=joe@football.example.com;
                      h=Received : From : To : Subject : Date : Message-ID;
                      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
                      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
                      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
                      4bmp/YzhwvcubU4=;
                Received: from client1.football.example.com  [192.0.2.1]
                      by submitserver.example.com with SUBMISSION;
                      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
                From: Joe SixPack <joe@football.example.com>
                To: Suzie Q <suzie@shopping.example.net>
                Subject: Is dinner ready?
                Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
                Message-ID: <20030712040037.46341.5F8J@football.example.com>

                Hi.

                We lost the game. Are you hungry yet?

                Joe.
                """;
        Samples samples =
                new Samples(NOW)
                        .publish(
                                "brisbane._domainkey.example.com",
                                "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
                                        + "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                                        + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
                                        + "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                                        + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB");
        assertThat(states(samples.verify(message))).containsExactly("PASS");
    }

    @ParameterizedTest
    @CsvSource({"related.msg", "multipart-no-end-boundary.msg"})
    void bodiesThatLargeServersHashed(String name) {
        // The keys are not known any more; the hash of the body is looked at before.
        assertThat(states(new Samples(NOW).verify(Samples.resource("/dkim/mimekit/" + name))))
                .isNotEmpty()
                .allMatch(it -> it.endsWith("there is no key at the selector"));
    }
}
