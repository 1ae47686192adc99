package mansio.serve.dropfolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** From what a program wrote to what mail is. */
class LocalTextTest {
    private static final Domain DOMAIN = Domain.parse("example.org");
    private static final LocalHeader.Author AUTHOR =
            new LocalHeader.Author("Anna, A.", Address.parse("anna@example.org"), DOMAIN);

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static List<String> lines(String text) throws IOException {
        LocalLines lines = new LocalLines(in(text));
        List<String> all = new ArrayList<>();
        while (lines.next()) all.add(new String(lines.line(), UTF_8));
        return all;
    }

    @Test
    void everyKindOfLineEndEndsALine() throws IOException {
        assertThat(lines("a\nb\r\nc\r\r\nd\re\n\n\0f"))
                .containsExactly("a", "b", "c", "d", "e", "", "f");
        assertThat(lines("")).isEmpty();
        assertThat(lines("\n")).containsExactly("");
        assertThat(lines("a\r")).containsExactly("a");
    }

    @Test
    void longLinesAreBrokenBetweenCharacters() throws IOException {
        String whole = "x".repeat(998);
        assertThat(lines(whole + "\n")).containsExactly(whole);
        assertThat(lines(whole + "y\nz")).containsExactly(whole, " y", "z");
        assertThat(lines("x".repeat(997) + "€!\n")).containsExactly("x".repeat(997), " €!");
        assertThat(lines("x".repeat(3000))).allMatch(line -> line.length() <= 998).hasSize(4);
        // Bytes that are no UTF-8 must not stop it.
        byte[] odd = new byte[5000];
        java.util.Arrays.fill(odd, (byte) 0x80);
        LocalLines lines = new LocalLines(new ByteArrayInputStream(odd));
        int bytes = 0;
        while (lines.next()) bytes += lines.line().length;
        assertThat(bytes).isEqualTo(5000 + 5);
    }

    private static String qualify(String value) {
        return Qualifier.qualify(value, DOMAIN);
    }

    @Test
    void addressesWithoutADomainGetIt() {
        assertThat(qualify(" root (Cron Daemon)")).isEqualTo(" root@example.org (Cron Daemon)");
        assertThat(qualify("\"Cron, D\" <root>")).isEqualTo("\"Cron, D\" <root@example.org>");
        assertThat(qualify("a, b@c,\r\n \"x y\", <d>"))
                .isEqualTo("a@example.org, b@c,\r\n \"x y\"@example.org, <d@example.org>");
        assertThat(qualify("Us: a, b@c; d")).isEqualTo("Us: a@example.org, b@c; d@example.org");
    }

    @Test
    void whatIsNoLoneNameStays() {
        for (String value :
                List.of(
                        "",
                        "undisclosed-recipients:;",
                        "<>",
                        "two words",
                        "Name <a@b> (c)",
                        "(only a comment)",
                        "\"unfinished",
                        "a@b (x, y)",
                        "(un \\) finished")) assertThat(qualify(value)).isEqualTo(value);
    }

    private static LocalHeader header(String message) throws IOException {
        return LocalHeader.read(new LocalLines(in(message)));
    }

    private static String completed(String message) throws IOException {
        return new String(header(message).completed(AUTHOR, Optional.empty()), ISO_8859_1);
    }

    @Test
    void cronsMailHasAWholeAuthor() throws IOException {
        assertThat(completed("From: root (Cron Daemon)\nTo: root\nSubject: x\n\nbody"))
                .isEqualTo(
                        "From: root@example.org (Cron Daemon)\r\nTo: root@example.org\r\n"
                                + "Subject: x\r\n\r\n");
    }

    @Test
    void aMissingAuthorIsTheUser() throws IOException {
        assertThat(completed("Subject: x\n\n"))
                .isEqualTo("Subject: x\r\nFrom: \"Anna, A.\" <anna@example.org>\r\n\r\n");
    }

    @Test
    void blindCopiesAreNotShown() throws IOException {
        String message =
                "To: a@x\nBcc: b@x,\n c@x\nRESENT-BCC : d@x\nReturn-Path: <e@x>\nFrom: f@x\n\n";
        assertThat(completed(message)).isEqualTo("To: a@x\r\nFrom: f@x\r\n\r\n");
        assertThat(header(message).recipients()).containsExactly("d@x");
        assertThat(header("To: a@x\nCc: y\nBCC: b@x,\n c@x\n\n").recipients())
                .containsExactly("a@x", "y", "b@x, c@x");
    }

    @Test
    void aTextWithoutHeaderIsABody() throws IOException {
        LocalHeader header = header("hello\nFrom: nobody\n");
        assertThat(header.firstBodyLine()).map(it -> new String(it, UTF_8)).contains("hello");
        assertThat(header.has("From")).isFalse();
        assertThat(header(" x\n").firstBodyLine()).isPresent();
    }

    @Test
    void theLineOfAMailboxFileIsSkipped() throws IOException {
        assertThat(completed("From root Thu Jan  1 00:00:00 1970\nFrom: a@x\n\n"))
                .isEqualTo("From: a@x\r\n\r\n");
    }

    @Test
    void eightBitTextSaysWhatItIs() throws IOException {
        String body = "Subject: x\nFrom: a@x\n\nGrüße";
        TextFacts facts = TextFacts.of(in(body));
        assertThat(new String(header(body).completed(AUTHOR, facts.charset()), ISO_8859_1))
                .contains("charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        String typed = "Content-Type: text/html\nFrom: a@x\n\n";
        assertThat(new String(header(typed).completed(AUTHOR, facts.charset()), ISO_8859_1))
                .doesNotContain("charset");
        assertThat(TextFacts.of(in("plain")).charset()).isEmpty();
        InputStream latin = new ByteArrayInputStream("Grüße".getBytes(ISO_8859_1));
        assertThat(TextFacts.of(latin).charset()).contains("unknown-8bit");
    }

    @Test
    void theHeadOfAFile() throws IOException {
        InputStream file =
                in(
                        "mansio-drop 1\nsender \nname Anna\nto a@b\nto c, d\nfrom-header yes\n"
                                + "ret hdrs\nnotify never\nenvid q1\nmessage\nrest");
        DropHead head = DropHead.read(file);
        assertThat(head.sender()).contains("");
        assertThat(head.recipients()).containsExactly("a@b", "c, d");
        assertThat(head.fromHeader()).isTrue();
        assertThat(head.envid()).contains("q1");
        assertThat(head.wish().notifications().orElseThrow()).isEmpty();
        assertThat(new String(file.readAllBytes(), UTF_8)).isEqualTo("rest");
        for (String bad :
                List.of(
                        "",
                        "mansio-drop 2\nmessage\n",
                        "mansio-drop 1\nto a",
                        "mansio-drop 1\nx y\nmessage\n",
                        "mansio-drop 1\n" + "to a\n".repeat(900_000)))
            assertThatThrownBy(() -> DropHead.read(in(bad))).isInstanceOf(SyntaxException.class);
    }

    @Test
    void anythingAtAllIsReadOrRefused() throws IOException {
        String[] tokens = {
            "mansio-drop 1\n",
            "message\n",
            "to ",
            "sender ",
            "a@b",
            "root",
            "\n",
            "\r\n",
            "\r",
            "\0",
            "From: ",
            "To: ",
            "Bcc: ",
            "Resent-To: ",
            "<",
            ">",
            "(",
            ")",
            "\"",
            "\\",
            ",",
            ";",
            ":",
            "@",
            " ",
            "\t",
            "é",
            "x".repeat(500),
            "\u00ff"
        };
        Random random = new Random(20_260_301L);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? "mansio-drop 1\nmessage\n" : "");
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) text.append(tokens[random.nextInt(tokens.length)]);
            InputStream file = in(text.toString());
            try {
                DropHead.read(file);
            } catch (SyntaxException e) {
                continue;
            }
            LocalHeader header = LocalHeader.read(new LocalLines(file));
            String out = new String(header.completed(AUTHOR, Optional.empty()), ISO_8859_1);
            assertThat(out).as("round %d", round).endsWith("\r\n");
            assertThat(out.replace("\r\n", "")).as("round %d", round).doesNotContain("\r", "\n");
            // What goes out names no blind recipient when it is read again.
            LocalHeader again =
                    LocalHeader.read(
                            new LocalLines(new ByteArrayInputStream(out.getBytes(ISO_8859_1))));
            assertThat(again.has("Bcc")).as("round %d", round).isFalse();
            header.recipients();
        }
    }
}
