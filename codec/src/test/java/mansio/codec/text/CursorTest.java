package mansio.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class CursorTest {
    @Test
    void takeMovesNothingOnFailure() {
        Cursor in = new Cursor("MAIL from:<a>");
        assertThat(in.take("mail")).isFalse();
        assertThat(in.takeIgnoreCase("mailbox")).isFalse();
        assertThat(in.offset()).isZero();
        assertThat(in.takeIgnoreCase("mail FROM:")).isTrue();
        assertThat(in.peek(1)).isEqualTo('a');
        assertThat(in.peek(3)).isEqualTo(Cursor.END);
        in.expect('<');
        assertThat(in.takeWhile(c -> c != '>')).isEqualTo("a");
        assertThatThrownBy(() -> in.expect(')'))
                .isInstanceOfSatisfying(
                        SyntaxException.class, e -> assertThat(e.offset()).isEqualTo(12));
        assertThat(in.rest()).isEqualTo(">");
        in.expectEnd();
        assertThatThrownBy(in::next).isInstanceOf(SyntaxException.class);
    }

    @Test
    void numbersHaveALimit() {
        assertThat(new Cursor("4294967295").expectNumber(4294967295L)).isEqualTo(4294967295L);
        assertThat(new Cursor("0").expectNumber(0)).isZero();
        for (String wrong : new String[] {"4294967296", "99999999999999999999999", "", "x", "-1"}) {
            assertThatThrownBy(() -> new Cursor(wrong).expectNumber(4294967295L))
                    .isInstanceOf(SyntaxException.class);
            byte[] bytes = wrong.getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> new ByteCursor(bytes).expectNumber(4294967295L))
                    .isInstanceOf(SyntaxException.class);
        }
        assertThat(new Cursor("9223372036854775807").expectNumber(Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void bytesStayInTheirRun() {
        ByteCursor in = new ByteCursor("xxA1 NOOPxx".getBytes(StandardCharsets.US_ASCII), 2, 7);
        assertThat(in.expectWhile("tag", b -> b != ' ')).isEqualTo("A1");
        in.expect(' ');
        assertThat(in.takeIgnoreCase("noopx")).isFalse();
        assertThat(in.takeIgnoreCase("noop")).isTrue();
        assertThat(in.atEnd()).isTrue();
        assertThat(in.peek()).isEqualTo(ByteCursor.END);
        assertThat(in.latin1(0, 2)).isEqualTo("A1");
        in.reset(3);
        assertThat(in.expectBytes(4)).containsExactly('N', 'O', 'O', 'P');
        assertThatThrownBy(() -> in.expectBytes(1)).isInstanceOf(SyntaxException.class);
    }
}
