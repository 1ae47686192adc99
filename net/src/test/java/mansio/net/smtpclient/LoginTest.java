package mansio.net.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.sasl.ClientStep;
import mansio.codec.sasl.Credentials;
import mansio.codec.sasl.Mechanism;
import mansio.codec.smtp.Reply;
import mansio.net.listen.TlsFacts;
import mansio.net.listen.TlsFacts.ChannelBindings;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

class LoginTest {
    private static final Credentials JOE = new Credentials(Optional.empty(), "joe", "secret");
    private static final byte[] BINDING = {1, 2, 3};

    private static TlsFacts tls(Optional<byte[]> endPoint, Optional<byte[]> exporter) {
        return new TlsFacts(
                "TLSv1.3", "TLS", Optional.empty(), new ChannelBindings(endPoint, exporter));
    }

    /** The first message of SCRAM shows how it stands to channel binding. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    none     ; PLAIN LOGIN                              ;                                ;
                    none     ; LOGIN PLAIN SCRAM-SHA-256                ; SCRAM-SHA-256                  ; n,,
                    none     ; SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN   ; SCRAM-SHA-256                  ; n,,
                    tls      ; LOGIN PLAIN                              ; PLAIN LOGIN                    ;
                    tls      ; XOAUTH2 CRAM-MD5                         ;                                ;
                    tls      ; LOGIN PLAIN SCRAM-SHA-256                ; SCRAM-SHA-256 PLAIN LOGIN      ; n,,
                    exporter ; PLAIN SCRAM-SHA-256                      ; SCRAM-SHA-256 PLAIN            ; y,,
                    exporter ; scram-sha-256 scram-sha-256-plus plain ; SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN \
                    ; p=tls-exporter,,
                    endpoint ; SCRAM-SHA-256-PLUS ; SCRAM-SHA-256-PLUS ; p=tls-server-end-point,,
                    """)
    void theStrongestFirst(
            String channel, String offered, @Nullable String ways, @Nullable String flag) {
        Optional<byte[]> data = Optional.of(BINDING);
        Optional<TlsFacts> tls =
                switch (channel) {
                    case "tls" -> Optional.of(tls(Optional.empty(), Optional.empty()));
                    case "exporter" -> Optional.of(tls(data, data));
                    case "endpoint" -> Optional.of(tls(data, Optional.empty()));
                    default -> Optional.empty();
                };
        Extensions extensions = Extensions.of(new Reply(250, "", List.of("hi", "AUTH " + offered)));
        var found = Login.ways(JOE, extensions.mechanisms(), tls, new Random(1));
        assertThat(
                        found.stream()
                                .map(it -> it.mechanism().saslName())
                                .collect(Collectors.joining(" ")))
                .isEqualTo(ways == null ? "" : ways);
        if (flag != null) {
            assertThat(found.getFirst().mechanism())
                    .isIn(Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_256_PLUS);
            ClientStep step = found.getFirst().step(new byte[0]);
            assertThat(new String(((ClientStep.Response) step).data(), UTF_8)).startsWith(flag);
        }
    }
}
