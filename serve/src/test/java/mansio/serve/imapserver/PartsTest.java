package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.MessageFacts;
import mansio.codec.message.MessageParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** RFC 9051 section 6.4.5: the part numbers of its example of a complex message. */
class PartsTest {
    private static final String MESSAGE =
            """
            Subject: outer
            Content-Type: multipart/mixed; boundary=a

            --a
            Content-Type: text/plain

            one
            --a
            Content-Type: application/octet-stream

            two
            --a
            Content-Type: message/rfc822

            Subject: inner
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            three-one
            --b
            Content-Type: application/octet-stream

            three-two
            --b--
            --a
            Content-Type: multipart/mixed; boundary=c

            --c
            Content-Type: image/gif

            four-one
            --c
            Content-Type: message/rfc822

            Subject: deep
            Content-Type: multipart/mixed; boundary=d

            --d
            Content-Type: text/plain

            four-two-one
            --d
            Content-Type: multipart/alternative; boundary=e

            --e
            Content-Type: text/plain

            four-two-two-one
            --e
            Content-Type: text/richtext

            four-two-two-two
            --e--
            --d--
            --c--
            --a--
            """
                    .replace("\n", "\r\n");

    private static Optional<String> section(String message, String part, SectionText text) {
        byte[] octets = message.getBytes(StandardCharsets.US_ASCII);
        BodyStructure root = MessageFacts.of(MessageParser.parse(octets)).structure();
        List<Integer> numbers =
                part.isEmpty()
                        ? List.of()
                        : Arrays.stream(part.split("\\.")).map(Integer::valueOf).toList();
        return Parts.range(root, octets.length, new Section(numbers, text))
                .map(range -> message.substring((int) range.start(), (int) range.end()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, one",
        "2, two",
        "3.1, three-one",
        "3.2, three-two",
        "4.1, four-one",
        "4.2.1, four-two-one",
        "4.2.2.1, four-two-two-one",
        "4.2.2.2, four-two-two-two"
    })
    void leaves(String part, String content) {
        assertThat(section(MESSAGE, part, new SectionText.Whole())).contains(content);
    }

    @Test
    void headersAndTexts() {
        assertThat(section(MESSAGE, "", new SectionText.Header()))
                .contains("Subject: outer\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n");
        assertThat(section(MESSAGE, "3", new SectionText.Header()))
                .contains("Subject: inner\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
        assertThat(section(MESSAGE, "4.2", new SectionText.Header()).orElse(""))
                .startsWith("Subject: deep\r\n");
        assertThat(section(MESSAGE, "3", new SectionText.Mime()))
                .contains("Content-Type: message/rfc822\r\n\r\n");
        assertThat(section(MESSAGE, "4.2.2", new SectionText.Mime()))
                .contains("Content-Type: multipart/alternative; boundary=e\r\n\r\n");
        assertThat(section(MESSAGE, "3", new SectionText.Text()).orElse("")).startsWith("--b\r\n");
        assertThat(section(MESSAGE, "1", new SectionText.Header())).isEmpty();
        assertThat(section(MESSAGE, "1.1", new SectionText.Whole())).isEmpty();
        assertThat(section(MESSAGE, "5", new SectionText.Whole())).isEmpty();
        assertThat(section(MESSAGE, "3.3", new SectionText.Whole())).isEmpty();
    }

    /** RFC 9051 section 6.4.5: every message has at least one part number. */
    @Test
    void aPlainMessageIsItsOwnPartOne() {
        String plain = "Subject: x\r\n\r\nbody\r\n";
        assertThat(section(plain, "1", new SectionText.Whole())).contains("body\r\n");
        assertThat(section(plain, "1", new SectionText.Mime())).contains("Subject: x\r\n\r\n");
        assertThat(section(plain, "2", new SectionText.Whole())).isEmpty();
        assertThat(section(plain, "1.1", new SectionText.Whole())).isEmpty();
    }
}
