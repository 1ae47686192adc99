package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.ByteSource;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Messages with octets above 127, and what becomes of them. */
class SevenBitTest {
    private static Optional<String> converted(byte[] message) throws IOException {
        Optional<SevenBit> plan =
                SevenBit.of(
                        MessageParser.parse(message),
                        (position, to, offset, length) -> {
                            if (position >= message.length) return -1;
                            // A byte at a time, now and then: callers must not count on more.
                            int count =
                                    Math.min(
                                            position % 7 == 0 ? 1 : length,
                                            message.length - (int) position);
                            System.arraycopy(message, (int) position, to, offset, count);
                            return count;
                        });
        if (plan.isEmpty()) return Optional.empty();
        String text = read(plan.get().open());
        assertThat(text.chars()).allMatch(c -> c < 128);
        assertThat(read(plan.get().open())).isEqualTo(text);
        return Optional.of(text);
    }

    private static Optional<String> converted(String message) throws IOException {
        return converted(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8))
                .map(it -> it.replace("\r\n", "\n"));
    }

    private static String read(ByteSource source) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[100];
        int count;
        while ((count = source.read(block, 0, block.length)) >= 0) out.write(block, 0, count);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void textBecomesQuotedPrintable() throws IOException {
        assertThat(
                        converted(
                                """
                                Subject: x
                                MIME-Version: 1.0
                                Content-Type: text/plain; charset=utf-8
                                Content-Transfer-Encoding: 8bit

                                Grüße = 1
                                """))
                .contains(
                        """
                        Subject: x
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Gr=C3=BC=C3=9Fe =3D 1
                        """);
    }

    @Test
    void onlyThePartsThatNeedIt() throws IOException {
        assertThat(
                        converted(
                                """
                                MIME-Version: 1.0
                                Content-Type: multipart/mixed; boundary=b
                                Content-Transfer-Encoding: 8bit

                                --b

                                plain = plain
                                --b
                                Content-Type: text/html; charset=utf-8

                                <p>ü</p>
                                --b
                                Content-Type: application/octet-stream
                                Content-Transfer-Encoding: 8bit

                                üü
                                --b--
                                """))
                .contains(
                        """
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary=b
                        Content-Transfer-Encoding: 7bit

                        --b

                        plain = plain
                        --b
                        Content-Transfer-Encoding: quoted-printable
                        Content-Type: text/html; charset=utf-8

                        <p>=C3=BC</p>
                        --b
                        Content-Type: application/octet-stream
                        Content-Transfer-Encoding: base64

                        w7zDvA==
                        --b--
                        """);
    }

    @Test
    void messagesWithin() throws IOException {
        assertThat(
                        converted(
                                """
                                MIME-Version: 1.0
                                Content-Type: message/rfc822

                                Subject: inner
                                Content-Type: text/plain; charset=utf-8

                                ü
                                """))
                .contains(
                        """
                        MIME-Version: 1.0
                        Content-Type: message/rfc822

                        Subject: inner
                        Content-Transfer-Encoding: quoted-printable
                        Content-Type: text/plain; charset=utf-8

                        =C3=BC
                        """);
    }

    @Test
    void aLargeBodyIsTheSameAfterwards() throws IOException {
        String head = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
        byte[] body = "Zürich\r\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] message = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, message, start.length, body.length);
        String text = converted(message).orElseThrow();
        String encoded = text.substring(text.indexOf("\r\n\r\n") + 4);
        assertThat(text).contains("Content-Transfer-Encoding: base64\r\n");
        assertThat(encoded.lines()).allMatch(line -> line.length() <= 76);
        assertThat(Base64.getMimeDecoder().decode(encoded)).isEqualTo(body);
    }

    @Test
    void whatCannotBeDone() throws IOException {
        assertThat(converted("Subject: x\n\nü\n")).isEmpty();
        assertThat(converted("Subject: ü\nMIME-Version: 1.0\n\nü\n")).isEmpty();
        assertThat(
                        converted(
                                """
                                MIME-Version: 1.0
                                Content-Type: multipart/signed; boundary=b

                                --b

                                ü
                                --b--
                                """))
                .isEmpty();
        assertThat(
                        converted(
                                """
                                MIME-Version: 1.0
                                Content-Type: multipart/mixed; boundary=b

                                präambel
                                --b

                                ü
                                --b--
                                """))
                .isEmpty();
        assertThat(converted("MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nü\n"))
                .isEmpty();
    }

    @Test
    void plainOnesStayAsTheyAre() throws IOException {
        assertThat(converted("MIME-Version: 1.0\n\nplain\n"))
                .contains("MIME-Version: 1.0\n\nplain\n");
    }
}
