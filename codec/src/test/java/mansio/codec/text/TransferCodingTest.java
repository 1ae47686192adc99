package mansio.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

final class TransferCodingTest {
    private static String decode(String encoding, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        byte[] decoded = TransferDecoder.decodeAll(encoding, bytes);
        assertThat(inPieces(encoding, bytes)).isEqualTo(decoded);
        return new String(decoded, StandardCharsets.ISO_8859_1);
    }

    /** Byte by byte: nothing may depend on where the network cut. */
    private static byte[] inPieces(String encoding, byte[] body) {
        TransferDecoder decoder = TransferDecoder.of(encoding);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < body.length; i++) {
                decoder.decode(body, i, 1, out);
            }
            decoder.finish(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    // RFC 2045 section 6.7 and 6.8, and what senders make of them.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "base64|SGVsbG8=|Hello",
                "BASE64|SGVs bG8=|Hello",
                "base64|SGVsbG8|Hello",
                "base64|SGVs!bG8=|Hello",
                "base64|SGk=SGk=|HiHi",
                "base64|S|''",
                "quoted-printable|a=3Db|a=b",
                "quoted-printable|a=3db|a=b",
                "quoted-printable|a=zzb|a=zzb",
                "quoted-printable|a=3zb|a=3zb",
                "quoted-printable|a=|a",
                "quoted-printable|a=3|a=3",
                "quoted-printable|'a  '|a",
                "7bit|a=3D|a=3D",
                "x-unknown|a=3D|a=3D",
            },
            delimiter = '|')
    void decodes(String encoding, String body, String expected) {
        assertThat(decode(encoding, body)).isEqualTo(expected);
    }

    @Test
    void quotedPrintableLines() {
        assertThat(decode("quoted-printable", "a =\r\nb")).isEqualTo("a b");
        assertThat(decode("quoted-printable", "a= \t\r\nb")).isEqualTo("ab");
        assertThat(decode("quoted-printable", "a=\nb")).isEqualTo("ab");
        assertThat(decode("quoted-printable", "a \t\r\nb")).isEqualTo("a\r\nb");
        assertThat(decode("quoted-printable", "a \nb")).isEqualTo("a\nb");
        assertThat(decode("quoted-printable", "a= x")).isEqualTo("a= x");
        assertThat(decode("quoted-printable", "a\r\rb")).isEqualTo("a\r\rb");
        String spaces = " ".repeat(5000) + "x";
        assertThat(decode("quoted-printable", spaces)).isEqualTo(spaces);
    }

    @Test
    void reportsWhatWasOdd() throws IOException {
        assertThat(oddities("base64", "SGk=")).isEmpty();
        assertThat(oddities("base64", "SGk=SGk=")).isEqualTo("[DATA_AFTER_PADDING]");
        assertThat(oddities("base64", "SG*k")).isEqualTo("[FOREIGN_CHARACTER, TRUNCATED]");
        assertThat(oddities("quoted-printable", "=zz")).isEqualTo("[FOREIGN_CHARACTER]");
    }

    private static String oddities(String encoding, String body) throws IOException {
        TransferDecoder decoder = TransferDecoder.of(encoding);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        decoder.decode(bytes, 0, bytes.length, out);
        decoder.finish(out);
        return decoder.oddities().isEmpty() ? "" : decoder.oddities().toString();
    }

    @Test
    void roundTrips() {
        Random random = new Random(20260101);
        for (int round = 0; round < 300; round++) {
            byte[] body = new byte[random.nextInt(400)];
            random.nextBytes(body);
            if (round % 2 == 0) { // Mostly text: spaces, breaks, equals signs.
                for (int i = 0; i < body.length; i++) {
                    body[i] = (byte) " a=.F\r\n\t".charAt(body[i] & 7);
                }
            }
            byte[] base64 = TransferEncoder.base64(body);
            assertThat(Base64.getMimeDecoder().decode(base64)).isEqualTo(body);
            assertThat(TransferDecoder.decodeAll("base64", base64)).isEqualTo(body);
            byte[] qp = TransferEncoder.quotedPrintable(body);
            assertThat(TransferDecoder.decodeAll("quoted-printable", qp)).isEqualTo(body);
            assertThat(inPieces("quoted-printable", qp)).isEqualTo(body);
            for (String line : new String(qp, StandardCharsets.US_ASCII).split("\r\n", -1)) {
                assertThat(line.length()).isLessThanOrEqualTo(76);
                assertThat(line).doesNotContain("\r").doesNotContain("\n");
            }
        }
    }

    // RFC 3501 section 5.1.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "~peter/mail/台北/日本語| ~peter/mail/&U,BTFw-/&ZeVnLIqe-",
                "A&B| A&-B",
                "Entwürfe| Entw&APw-rfe",
                "😀| &2D3eAA-",
            })
    void mailboxNames(String name, String encoded) {
        assertThat(MailboxNameUtf7.encode(name)).isEqualTo(encoded);
        assertThat(MailboxNameUtf7.decode(encoded)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&Jjo!",
                "&U,BTFw-&ZeVnLIqe-",
                "&AGE-",
                "&",
                "a&b",
                "&2D0-",
                "&AA-",
                "é",
                "&ZeVnLIqf-x&"
            })
    void refusesOtherSpellings(String encoded) {
        assertThatThrownBy(() -> MailboxNameUtf7.decode(encoded))
                .isInstanceOf(SyntaxException.class);
    }

    @Test
    void charsets() {
        byte[] smart = {(byte) 0x93, 'a', (byte) 0xe9};
        assertThat(MailCharset.decode(smart, "ISO-8859-1").text()).isEqualTo("“aé");
        assertThat(MailCharset.decode(smart, "us-ascii").text()).isEqualTo("“aé");
        byte[] utf8 = "é€".getBytes(StandardCharsets.UTF_8);
        assertThat(MailCharset.decode(utf8, "").text()).isEqualTo("é€");
        assertThat(MailCharset.decode(utf8, "utf8"))
                .isEqualTo(new MailCharset.Decoded("é€", true, true));
        assertThat(MailCharset.decode(utf8, "x-nonsense").known()).isFalse();
        assertThat(MailCharset.decode(utf8, "x-nonsense").text()).isEqualTo("é€");
        assertThat(MailCharset.decode(smart, "utf-8").wellFormed()).isFalse();
        byte[] replacement = "\ufffd".getBytes(StandardCharsets.UTF_8);
        assertThat(MailCharset.guess(replacement)).isEqualTo("\ufffd");
        byte[] jis = {0x1b, '$', 'B', '$', '"', 0x1b, '(', 'B'};
        assertThat(MailCharset.decode(jis, "ISO-2022-JP").text()).isEqualTo("あ");
        byte[] utf7 = "Hi Mom -+Jjo--!".getBytes(StandardCharsets.US_ASCII);
        assertThat(MailCharset.decode(utf7, "utf-7").text()).isEqualTo("Hi Mom -☺-!");
        for (String label :
                new String[] {"gb2312", "big5", "euc-kr", "koi8-r", "shift_jis", "latin1"}) {
            assertThat(MailCharset.find(label)).as(label).isPresent();
        }
        assertThat(MailCharset.find("x".repeat(1000))).isEmpty();
    }
}
