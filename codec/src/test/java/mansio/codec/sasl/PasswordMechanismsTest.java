package mansio.codec.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** PLAIN and LOGIN, both sides. */
class PasswordMechanismsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // RFC 4616 section 4
    @Test
    void plainExamples() {
        assertThat(new PlainServer().step(bytes("\0tim\0tanstaaftanstaaf")))
                .isEqualTo(new Step.Password(Optional.empty(), "tim", "tanstaaftanstaaf"));
        assertThat(new PlainServer().step(bytes("Ursel\0Kurt\0xipj3plmq")))
                .isEqualTo(new Step.Password(Optional.of("Ursel"), "Kurt", "xipj3plmq"));
    }

    @Test
    void plainRefusesWhatIsNotThreeParts() {
        for (String message :
                List.of(
                        "",
                        "a",
                        "\0",
                        "\0\0",
                        "\0a",
                        "\0a\0",
                        "\0\0b",
                        "a\0b",
                        "\0a\0b\0",
                        "\0a\0b\0c")) {
            assertThat(new PlainServer().step(bytes(message)))
                    .as(message.replace('\0', '|'))
                    .isEqualTo(new Step.Failure(Step.Cause.MALFORMED));
        }
        assertThat(new PlainServer().step(new byte[] {0, 'a', 0, (byte) 0xc3}))
                .isEqualTo(new Step.Failure(Step.Cause.MALFORMED));
        assertThat(new PlainServer().step(bytes("\0a\0" + "b".repeat(5000))))
                .isEqualTo(new Step.Failure(Step.Cause.MALFORMED));
    }

    @Test
    void plainRoundTrip() {
        Credentials credentials = new Credentials(Optional.of("boss"), "j\u00fcrgen", "p\u00e4ss");
        PlainClient client = new PlainClient(credentials);
        assertThat(client.mayComplete()).isFalse();
        byte[] message = ((ClientStep.Response) client.step(new byte[0])).data();
        assertThat(client.mayComplete()).isTrue();
        assertThat(new PlainServer().step(message))
                .isEqualTo(new Step.Password(Optional.of("boss"), "j\u00fcrgen", "p\u00e4ss"));
    }

    @Test
    void loginRoundTrip() {
        LoginServer server = new LoginServer();
        LoginClient client = new LoginClient(new Credentials(Optional.empty(), "tim", "tanstaaf"));
        assertThat(server.start().data()).asString().isEqualTo("Username:");
        byte[] name = ((ClientStep.Response) client.step(server.start().data())).data();
        Step.Challenge next = (Step.Challenge) server.step(name);
        assertThat(next.data()).asString().isEqualTo("Password:");
        byte[] password = ((ClientStep.Response) client.step(next.data())).data();
        assertThat(server.step(password))
                .isEqualTo(new Step.Password(Optional.empty(), "tim", "tanstaaf"));
        assertThatThrownBy(() -> server.step(password)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void loginRefusesEmptyAndNul() {
        assertThat(new LoginServer().step(new byte[0])).isInstanceOf(Step.Failure.class);
        assertThat(new LoginServer().step(bytes("a\0b"))).isInstanceOf(Step.Failure.class);
    }

    @Test
    void passwordsStayOutOfLogs() {
        assertThat(new Step.Password(Optional.empty(), "tim", "secret").toString())
                .doesNotContain("secret");
        assertThat(new Credentials(Optional.empty(), "tim", "secret").toString())
                .doesNotContain("secret");
    }

    @Test
    void mechanismsByName() {
        for (Mechanism mechanism : Mechanism.values()) {
            assertThat(Mechanism.named(mechanism.saslName())).contains(mechanism);
        }
        assertThat(Mechanism.named("scram-sha-256-plus")).contains(Mechanism.SCRAM_SHA_256_PLUS);
        assertThat(Mechanism.named("CRAM-MD5")).isEmpty();
    }
}
