package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** Texts within others, whole and in pieces. */
class WantedTextTest {
    @Test
    void isFoundWithoutRegardToCase() {
        assertThat(new WantedText("WÖRLD").isIn("Hello wörld")).isTrue();
        assertThat(new WantedText("STRASSE").isIn("Lange Straße 1")).isTrue();
        assertThat(new WantedText("word").isIn("Hello world")).isFalse();
        assertThat(new WantedText("").isIn("")).isTrue();
        assertThat(new WantedText("x").isIn("")).isFalse();
    }

    /** Two letters repeat themselves in every way; the pieces are cut anywhere. */
    @Test
    void isFoundWhereverThePiecesAreCut() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            String wanted = letters(random, 1 + random.nextInt(6));
            String text = letters(random, random.nextInt(20));
            int cut = random.nextInt(text.length() + 1);
            WantedText.Search search = new WantedText(wanted).search();
            search.goOn(text.substring(0, cut));
            search.goOn(text.substring(cut));
            assertThat(search.found())
                    .as("%s in %s, cut at %d", wanted, text, cut)
                    .isEqualTo(text.contains(wanted));
        }
    }

    private static String letters(SplittableRandom random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        return text.toString();
    }
}
