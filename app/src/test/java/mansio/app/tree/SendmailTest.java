package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What programs that call sendmail see, and what the drop folder gets, without any Java. */
class SendmailTest {
    @TempDir Path folder;
    private Path drop;

    private record Outcome(int exit, String output) {}

    @BeforeEach
    void links() throws IOException {
        drop = Files.createDirectory(folder.resolve("drop"));
        for (String name : List.of("sendmail", "newaliases"))
            Files.createSymbolicLink(folder.resolve(name), Tree.ROOT.resolve("mansio"));
    }

    @AfterEach
    void removeLinks() throws IOException {
        for (String name : List.of("sendmail", "newaliases")) Files.delete(folder.resolve(name));
    }

    private Outcome run(String input, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, folder.resolve(words[0]).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MANSIO_DROP", drop.toString());
        builder.environment().put("JAVA_HOME", "/nonexistent");
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It did not want to read it.
        }
        String output = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), output);
    }

    /** The one file that is there, without the line that names this user. */
    private String dropped() throws IOException {
        try (Stream<Path> files = Files.list(drop)) {
            List<Path> all = files.filter(it -> !it.endsWith(".size-limit")).toList();
            assertThat(all).hasSize(1);
            Path only = all.getFirst();
            assertThat(only.getFileName().toString()).startsWith("new.");
            assertThat((Integer) Files.getAttribute(only, "unix:mode") & 0777).isEqualTo(0640);
            String text = Files.readString(only);
            Files.delete(only);
            return text.replaceFirst("(?m)^name .*\n", "");
        }
    }

    private void nothingDropped() throws IOException {
        try (Stream<Path> files = Files.list(drop)) {
            assertThat(files.filter(it -> !it.endsWith(".size-limit"))).isEmpty();
        }
    }

    @Test
    void recipientsFromTheHeader() throws Exception {
        String message = "To: a@b\nBcc: c@d\n\n.\nGrüße\0\n";
        // As PHP calls it, with a sender of its own.
        assertThat(run(message, "sendmail", "-t", "-i", "-fwww@example.org"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(dropped())
                .isEqualTo(
                        "mansio-drop 1\nsender www@example.org\nfrom-header yes\nmessage\n"
                                + message);
    }

    @Test
    void recipientsFromTheCommandLineAndADotAtTheEnd() throws Exception {
        // As cron and mailx call it.
        assertThat(run("x\n..\n.\nbeyond\n", "sendmail", "-FCronDaemon", "-odi", "-oem", "root"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(dropped()).isEqualTo("mansio-drop 1\nto root\nmessage\nx\n..\n");
        assertThat(run("x\n.\ny\n", "sendmail", "-oi", "-f", "", "--", "-a", "b, c"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(dropped())
                .isEqualTo("mansio-drop 1\nsender \nto -a\nto b, c\nmessage\nx\n.\ny\n");
    }

    @Test
    void optionsThatChangeNothingAreTaken() throws Exception {
        String[] words = {
            "sendmail",
            "-Am",
            "-B8BITMIME",
            "-C",
            "/x",
            "-d7",
            "-G",
            "-h",
            "3",
            "-L",
            "tag",
            "-m",
            "-n",
            "-O",
            "Timeout=3",
            "-om",
            "-p",
            "SMTP",
            "-U",
            "-v",
            "-X",
            "/log",
            "-bm",
            "-ti",
            "-r",
            "a@b",
            "-Nnever",
            "-Rhdrs",
            "-Vq1"
        };
        assertThat(run("To: x@y\n\n", words)).isEqualTo(new Outcome(0, ""));
        assertThat(dropped())
                .isEqualTo(
                        "mansio-drop 1\n"
                                + "sender a@b\n"
                                + "envid q1\n"
                                + "ret hdrs\n"
                                + "notify never\n"
                                + "from-header yes\n"
                                + "message\n"
                                + "To: x@y\n\n");
    }

    @Test
    void whatIsWrongIsSaidAtOnce() throws Exception {
        assertThat(run("x", "sendmail").exit()).isEqualTo(64);
        assertThat(run("Subject: x\n\nTo: a@b\n", "sendmail", "-t"))
                .isEqualTo(
                        new Outcome(
                                64, "sendmail: no recipients: the header has no To, Cc or Bcc\n"));
        assertThat(run("x", "sendmail", "-Z").exit()).isEqualTo(64);
        assertThat(run("x", "sendmail", "-bd").exit()).isEqualTo(64);
        assertThat(run("x", "sendmail", "a@b\nto c@d").exit()).isEqualTo(64);
        assertThat(run("x", "sendmail", "-f").exit()).isEqualTo(64);
        Files.writeString(drop.resolve(".size-limit"), "100\n");
        assertThat(run("x".repeat(70_000), "sendmail", "a@b").exit()).isEqualTo(69);
        nothingDropped();
        Files.delete(drop.resolve(".size-limit"));
        Files.delete(drop);
        assertThat(run("x", "sendmail", "a@b").exit()).isEqualTo(75);
    }

    @Test
    void whatThereIsNothingToDoForSucceeds() throws Exception {
        assertThat(run("", "newaliases").exit()).isZero();
        assertThat(run("", "sendmail", "-bi").exit()).isZero();
        nothingDropped();
    }

    @Test
    void smtpOnStandardInput() throws Exception {
        String dialogue =
                "EHLO x\r\nDATA\r\nMAIL FROM:<a@b> SIZE=3\r\nRCPT TO:c\r\nRCPT TO:<c@d>\r\n"
                        + "DATA\r\nx\r\n..\r\n.\r\nRSET\r\nQUIT\r\nNOOP\r\n";
        Outcome outcome = run(dialogue, "sendmail", "-bs");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.output().lines().map(line -> line.substring(0, 4)))
                .containsExactly(
                        "220 ", "250-", "250-", "250 ", "503 ", "250 ", "501 ", "250 ", "354 ",
                        "250 ", "250 ", "221 ");
        assertThat(dropped()).isEqualTo("mansio-drop 1\nsender a@b\nto c@d\nmessage\nx\r\n.\r\n");
        // A program that dies in the middle of its message has sent none.
        assertThat(run("MAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n", "sendmail", "-bs").exit())
                .isEqualTo(75);
        nothingDropped();
    }
}
