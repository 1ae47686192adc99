package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.text.Address;
import mansio.codec.text.LocalPart;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** How often the reflector answers. */
class ReflectorTest {
    private final FakeTime time = new FakeTime();
    private final Reflector reflector =
            new Reflector(new ReflectorSettings(LocalPart.parse("check"), 2, 5), time);

    @Test
    void oneSenderIsAnsweredSoOften() {
        Address anna = Address.parse("anna@a.example");
        assertThat(reflector.take(anna)).isTrue();
        assertThat(reflector.take(anna)).isTrue();
        assertThat(reflector.take(anna)).isFalse();
        assertThat(reflector.take(Address.parse("ben@a.example"))).isTrue();
        time.advance(Duration.ofMinutes(61));
        assertThat(reflector.take(anna)).isTrue();
    }

    @Test
    void allOfThemAreAnsweredSoOften() {
        for (int i = 0; i < 5; i++) {
            assertThat(reflector.take(Address.parse("a" + i + "@a.example"))).isTrue();
        }
        assertThat(reflector.take(Address.parse("z@a.example"))).isFalse();
        time.advance(Duration.ofMinutes(61));
        assertThat(reflector.take(Address.parse("z@a.example"))).isTrue();
    }

    @Test
    void itsNameIsReadInAnyCase() {
        assertThat(reflector.has(Address.parse("Check@example.org"))).isTrue();
        assertThat(reflector.has(Address.parse("checks@example.org"))).isFalse();
    }

    @Test
    void wordsOfOthersStayOnTheirLine() {
        assertThat(Reflection.clean("a\r\nb\u001b[31m\u0000")).isEqualTo("a??b?[31m?");
        assertThat(Reflection.clean("x\u202ey\u2028z\u200b")).isEqualTo("x?y?z?");
        assertThat(Reflection.clean("gr\u00fc\u00df \ud83d\ude00 \ud83d"))
                .endsWith("\ud83d\ude00 ?");
        assertThat(Reflection.clean("\ud83d\ude00".repeat(300)).getBytes(UTF_8))
                .hasSizeLessThan(998);
    }
}
