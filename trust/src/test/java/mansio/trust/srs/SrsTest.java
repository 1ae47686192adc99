package mansio.trust.srs;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class SrsTest {
    private static final Domain US = Domain.parse("forward.example");
    private static final LocalDate DAY = LocalDate.of(2026, 3, 14);
    private static final byte[] OLD = key("the old key of this server");
    private static final byte[] NEW = key("the new key of this server");

    private final Srs srs = new Srs(new SigningKeys(List.of(NEW)), '=');

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Address address(String text) {
        return Address.parse(text);
    }

    private Srs.Opened open(Address address, int daysLater) {
        return srs.open(address.localPart(), DAY.plusDays(daysLater));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna@source.example",
                "a=b=c@source.example",
                "\"a b\"@source.example",
                "list+bounce-7@source.example",
                "\u00e4nne@source.example",
                "anna@[192.0.2.1]",
                "SRS2=x@source.example",
                "SRS1=broken@source.example",
                "srs0@source.example",
            })
    void aSenderIsFoundAgain(String sender) {
        Address rewritten = srs.rewrite(address(sender), US, DAY).orElseThrow();
        assertThat(rewritten.host()).isEqualTo(US);
        assertThat(rewritten.localPart().text()).startsWith("SRS0=");
        assertThat(open(rewritten, 0)).isEqualTo(new Srs.Opened.Original(address(sender)));
    }

    @Test
    void theFormIsTheKnownOne() {
        Address rewritten = srs.rewrite(address("anna@source.example"), US, DAY).orElseThrow();
        assertThat(rewritten.toWire())
                .matches("SRS0=[A-Z2-7]{8}=[A-Z2-7]{2}=source\\.example=anna@forward\\.example");
    }

    @ParameterizedTest
    @ValueSource(chars = {'=', '+', '-'})
    void eachSeparatorIsRead(char separator) {
        Srs other = new Srs(new SigningKeys(List.of(NEW)), separator);
        Address rewritten = other.rewrite(address("anna@source.example"), US, DAY).orElseThrow();
        assertThat(rewritten.localPart().text()).startsWith("SRS0" + separator);
        assertThat(open(rewritten, 0))
                .isEqualTo(new Srs.Opened.Original(address("anna@source.example")));
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=HHH=TT=a.example=anna@one.example, SRS1=%=one.example==HHH=TT=a.example=anna",
        "SRS0+HHH=TT=a.example=anna@one.example, SRS1=%=one.example=+HHH=TT=a.example=anna",
        "srs0-HHH=TT=a.example=anna@one.example, SRS1=%=one.example=-HHH=TT=a.example=anna",
        "SRS1=XX=one.example==HH=TT=a.example=an@two.example,SRS1=%=one.example==HH=TT=a.example=an",
        "SRS1+XX=one.example=-HH=TT=a.example=an@two.example,SRS1=%=one.example=-HH=TT=a.example=an",
    })
    void whatAForwarderWroteGoesBackToTheFirstOne(String sender, String form) {
        Address rewritten = srs.rewrite(address(sender), US, DAY).orElseThrow();
        String[] around = form.split("%", -1);
        assertThat(rewritten.localPart().text()).startsWith(around[0]).endsWith(around[1]);
        Srs.Opened opened = open(rewritten, 0);
        String rest = form.substring(form.indexOf("one.example=") + "one.example=".length());
        assertThat(opened)
                .isEqualTo(new Srs.Opened.Original(address("SRS0" + rest + "@one.example")));
    }

    @Test
    void relaysMayFoldCase() {
        for (String sender : List.of("Anna@source.example", "SRS0=H=T=a.example=B@one.example")) {
            Address rewritten = srs.rewrite(address(sender), US, DAY).orElseThrow();
            String local = rewritten.localPart().text();
            for (String folded : List.of(Ascii.lower(local), Ascii.upper(local))) {
                assertThat(srs.open(new LocalPart(folded), DAY))
                        .as(folded)
                        .isInstanceOfSatisfying(
                                Srs.Opened.Original.class,
                                it ->
                                        assertThat(it.address().toString())
                                                .isEqualToIgnoringCase(address(sender).toString()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,true",
        "1,true",
        "21,true",
        "22,false",
        "500,false",
        "1022,false",
        "-1,true",
        "-2,false"
    })
    void itIsGoodForThreeWeeks(int daysLater, boolean good) {
        Address rewritten = srs.rewrite(address("anna@source.example"), US, DAY).orElseThrow();
        assertThat(open(rewritten, daysLater))
                .isInstanceOf(good ? Srs.Opened.Original.class : Srs.Opened.Expired.class);
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        Srs before = new Srs(new SigningKeys(List.of(OLD)), '=');
        Srs after = new Srs(new SigningKeys(List.of(NEW, OLD)), '=');
        Address sender = address("anna@source.example");
        Address old = before.rewrite(sender, US, DAY).orElseThrow();
        Address fresh = after.rewrite(sender, US, DAY).orElseThrow();
        assertThat(after.open(old.localPart(), DAY)).isEqualTo(new Srs.Opened.Original(sender));
        assertThat(after.open(fresh.localPart(), DAY)).isEqualTo(new Srs.Opened.Original(sender));
        assertThat(before.open(fresh.localPart(), DAY)).isEqualTo(new Srs.Opened.Forged());
    }

    @Test
    void whatIsTooLongIsStored() {
        String local = "bounces-" + "x".repeat(48);
        assertThat(srs.rewrite(address(local + "@source.example"), US, DAY)).isEmpty();
        Address stored = srs.rewriteStored("K7QW2ABC", US, DAY);
        assertThat(open(stored, 0)).isEqualTo(new Srs.Opened.Stored("K7QW2ABC"));
        assertThat(open(stored, 22)).isEqualTo(new Srs.Opened.Expired());
    }

    @Test
    void theLongestThatFitsIsNotStored() {
        // SRS0= 8 = 2 = host = local: 5 + 9 + 3 + 15 leave 32 octets.
        assertThat(srs.rewrite(address("x".repeat(32) + "@source.example"), US, DAY)).isPresent();
        assertThat(srs.rewrite(address("x".repeat(33) + "@source.example"), US, DAY)).isEmpty();
    }

    @Test
    void everyChangeIsSeen() {
        for (String sender : List.of("anna@source.example", "SRS0=H=T=a.example=B@one.example")) {
            String local = srs.rewrite(address(sender), US, DAY).orElseThrow().localPart().text();
            for (int i = 5; i < local.length(); i++) {
                char other = local.charAt(i) == 'Q' ? 'R' : 'Q';
                String changed = local.substring(0, i) + other + local.substring(i + 1);
                assertThat(srs.open(new LocalPart(changed), DAY))
                        .as(changed)
                        .isEqualTo(new Srs.Opened.Forged());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SRS0=",
                "SRS0=x",
                "SRS0==",
                "SRS0====",
                "SRS0=AAAAAAAA=22=x.example=anna",
                "SRS0=AAAAAAAA=2=x.example=anna",
                "SRS0==22=x.example=anna",
                "SRS0=AAAAAAAAAAAAAAAA=22=x.example=anna",
                "SRS1=",
                "SRS1==x.example==a=b=c=d",
                "SRS1=AAAAAAAA=x.example=",
            })
    void whatWeNeverWroteIsForged(String local) {
        Srs.Opened opened = srs.open(new LocalPart(local), DAY);
        assertThat(opened).isIn(new Srs.Opened.Forged(), new Srs.Opened.Plain());
        if (local.length() > 5) {
            assertThat(opened).isEqualTo(new Srs.Opened.Forged());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna", "srs0", "SRS0", "SRS2=a=b=c=d", "SRS0a=b", "xSRS0=a=b=c=d"})
    void othersAreLeftAlone(String local) {
        assertThat(srs.open(new LocalPart(local), DAY)).isEqualTo(new Srs.Opened.Plain());
    }

    @Test
    void anythingCanBeReadAndNothingMadeUpIsBelieved() {
        Random random = new Random(7);
        String alphabet = "SRS01=+-ABCabc234.@ \u00e4";
        List<String> believed = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            StringBuilder local = new StringBuilder(random.nextBoolean() ? "SRS0=" : "srs1-");
            for (int n = random.nextInt(40); n > 0; n--) {
                local.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Srs.Opened opened = srs.open(new LocalPart(local.toString()), DAY);
            if (!(opened instanceof Srs.Opened.Forged || opened instanceof Srs.Opened.Plain)) {
                believed.add(local.toString());
            }
        }
        assertThat(believed).isEmpty();
    }
}
