package mansio.trust.srs;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.LocalPart;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

class BatvTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 14);
    private static final Address ANNA = Address.parse("Anna@ours.example");

    private final Batv batv =
            new Batv(new SigningKeys(List.of(bytes("a key of sixteen or more bytes"))));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Batv.Opened open(String local, int daysLater) {
        return batv.open(new Address(new LocalPart(local), ANNA.host()), DAY.plusDays(daysLater));
    }

    @Test
    void aSenderIsFoundAgainWhateverTheCase() {
        String tagged = batv.sign(ANNA, DAY).localPart().text();
        assertThat(tagged).matches("prvs=0\\d{3}[0-9a-f]{6}=Anna");
        assertThat(open(tagged, 0)).isEqualTo(new Batv.Opened.Original(ANNA));
        assertThat(open(Ascii.lower(tagged), 0)).isInstanceOf(Batv.Opened.Original.class);
        assertThat(open(Ascii.upper(tagged), 0)).isInstanceOf(Batv.Opened.Original.class);
    }

    @ParameterizedTest
    @CsvSource({"-1,true", "0,true", "7,true", "8,false", "100,false", "990,false"})
    void itIsGoodForAWeek(int daysLater, boolean good) {
        String tagged = batv.sign(ANNA, DAY).localPart().text();
        assertThat(open(tagged, daysLater))
                .isInstanceOf(good ? Batv.Opened.Original.class : Batv.Opened.Expired.class);
    }

    @Test
    void dayNumbersWrap() {
        LocalDate last = LocalDate.ofEpochDay(20_995);
        String tagged = batv.sign(ANNA, last).localPart().text();
        assertThat(tagged).startsWith("prvs=0002");
        assertThat(batv.open(new Address(new LocalPart(tagged), ANNA.host()), last.plusDays(7)))
                .isEqualTo(new Batv.Opened.Original(ANNA));
    }

    @Test
    void everyChangeIsSeen() {
        String tagged = batv.sign(ANNA, DAY).localPart().text();
        for (int i = 5; i < tagged.length(); i++) {
            char other = tagged.charAt(i) == '7' ? '8' : '7';
            String changed = tagged.substring(0, i) + other + tagged.substring(i + 1);
            assertThat(open(changed, 0)).as(changed).isEqualTo(new Batv.Opened.Forged());
        }
    }

    @Test
    void aTagIsForOneDomain() {
        LocalPart tagged = batv.sign(ANNA, DAY).localPart();
        Address elsewhere = Address.parse("x@other.example");
        assertThat(batv.open(new Address(tagged, elsewhere.host()), DAY))
                .isEqualTo(new Batv.Opened.Forged());
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna", "prvs", "xprvs=0123456789=a", "btv1==0123456789=a"})
    void othersAreLeftAlone(String local) {
        assertThat(open(local, 0)).isEqualTo(new Batv.Opened.Plain());
    }

    @Test
    void whatIsTaggedOrTooLongIsNotTaggedAgain() {
        Address tagged = batv.sign(ANNA, DAY);
        assertThat(batv.sign(tagged, DAY)).isEqualTo(tagged);
        Address fits = new Address(new LocalPart("x".repeat(48)), ANNA.host());
        assertThat(batv.sign(fits, DAY).localPart().text()).hasSize(64);
        Address tooLong = new Address(new LocalPart("x".repeat(49)), ANNA.host());
        assertThat(batv.sign(tooLong, DAY)).isEqualTo(tooLong);
    }

    @Test
    void anythingCanBeReadAndNothingMadeUpIsBelieved() {
        Random random = new Random(7);
        String alphabet = "0123456789abcdefXYZ=.@ \u00e4";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder local = new StringBuilder("prvs=");
            for (int n = random.nextInt(24); n > 0; n--) {
                local.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(open(local.toString(), 0)).isEqualTo(new Batv.Opened.Forged());
        }
    }
}
