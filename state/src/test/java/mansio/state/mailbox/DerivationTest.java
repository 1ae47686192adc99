package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.MessageParser;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** What is kept beside a message has bounds, whatever the message holds. */
class DerivationTest {
    private static Derived derived(String message) {
        return Derivation.of(MessageParser.parse(message.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void keepsTheHeader() {
        Derived derived = derived("Subject: x\r\nTo: y@example.org\r\n\r\nbody\r\n");
        assertThat(new String(derived.headers(), StandardCharsets.US_ASCII))
                .isEqualTo("Subject: x\r\nTo: y@example.org\r\n");
        assertThat(derived.facts()).isNotEmpty();
    }

    @Test
    void aLongHeaderIsNotKept() {
        Derived derived =
                derived("X: " + "x".repeat(Derived.MAX_HEADERS_BYTES) + "\r\n\r\nbody\r\n");
        assertThat(derived.headers()).isEmpty();
    }

    @Test
    void aHeaderThatTheParserCutIsNotKept() {
        assertThat(derived("a: b\r\n".repeat(6_000) + "\r\nbody\r\n").headers()).isEmpty();
    }

    @Test
    void longFactsAreNotKept() {
        String part = "--b\r\nContent-Type: text/plain; name=" + "n".repeat(200) + "\r\n\r\n\r\n";
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(3_000);
        assertThat(derived(message).facts().length).isLessThanOrEqualTo(Derived.MAX_FACTS_BYTES);
    }
}
