package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.testkit.client.ImapClient;
import mansio.testkit.client.ImapClient.Response;
import mansio.testkit.client.LineClient;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What dialogue files cannot hold: lines without end, wrong bytes, mail that is no MIME. */
class BadBytesTest {
    private static final Path MAIL = Path.of("..", "testdata", "mime");

    private interface Talk {
        void with(LineClient lines, ImapClient client) throws IOException;
    }

    private static void talk(Talk talk) {
        Simulation.run(
                1,
                simulation -> {
                    ImapHouse house = new ImapHouse(simulation);
                    LineClient lines = new LineClient(house.dial(), simulation.time());
                    try (ImapClient client = new ImapClient(lines)) {
                        client.login("fred", "pencil");
                        talk.with(lines, client);
                    }
                });
    }

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void aLineTooLongIsOneSentenceAndTheEnd() {
        talk(
                (lines, _) -> {
                    lines.sendRaw(octets("a SELECT \"" + "x".repeat(100_000) + "\"\r\n"));
                    lines.expect("* BAD [LIMIT] Command line too long");
                    lines.expect("* BYE [LIMIT] Line too long");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a SELECT \"Entw\u00fcrfe\"                | a BAD Mailbox name that is not valid"
                        + " modified UTF-7",
                "a SEARCH CHARSET UTF-8 SUBJECT \"\u00fc\" | a BAD Text that is not valid UTF-8",
                "a SEARCH TEXT \"\0\"                      | a BAD Closing quote expected",
                "a SELECT {3+}/\0ab                        | a BAD NUL in a literal",
            })
    void wrongBytesAreOneSentence(String sent, String said) {
        talk(
                (lines, client) -> {
                    client.ok("SELECT INBOX");
                    lines.sendRaw(octets(sent.replace("/", "\r\n") + "\r\n"));
                    lines.expect(said);
                    client.ok("NOOP");
                });
    }

    @Test
    void wrongUtf8IsOneSentenceAfterEnable() {
        talk(
                (lines, client) -> {
                    client.ok("ENABLE UTF8=ACCEPT");
                    lines.sendRaw(octets("a CREATE \"Entw\u00fcrfe\"\r\n"));
                    lines.expect("a BAD Mailbox name that is not valid UTF-8");
                    client.ok("NOOP");
                });
    }

    static List<Path> mail() {
        try (Stream<Path> files = Files.walk(MAIL)) {
            return files.filter(it -> it.toString().endsWith(".eml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theCorpusIsThere() {
        assertThat(mail()).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("mail")
    void brokenMimeIsKeptByteForByteAndShown(Path file) throws IOException {
        byte[] message = Files.readAllBytes(file);
        talk(
                (_, client) -> {
                    client.append("INBOX", "", message);
                    assertThat(client.select("INBOX")).isEqualTo(1);
                    assertThat(client.fetch(1, "BODY.PEEK[]")).isEqualTo(message);
                    for (String items :
                            List.of(
                                    "RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE INTERNALDATE",
                                    "BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[1]",
                                    "BODY.PEEK[1.MIME] BODY.PEEK[2.1] BODY.PEEK[HEADER.FIELDS"
                                            + " (To)]")) {
                        Response shown = client.ok("FETCH 1 (" + items + ")");
                        assertThat(shown.with("FETCH (")).hasSize(1);
                    }
                    client.run("FETCH 1 BINARY.PEEK[1]"); // may say that the coding is unknown
                    client.ok("SEARCH OR SUBJECT x BODY y");
                });
    }
}
