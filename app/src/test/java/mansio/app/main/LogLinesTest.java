package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a running server logs: pairs, with the ids of sessions and of queued messages. */
@Timeout(300)
class LogLinesTest {
    private static final String WRONG = "qwertzuiop";
    private static final String PEER = "\\[sid=\"\\w+\", peer=\"127.0.0.1\"";

    @TempDir Path place;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger server = (Logger) LoggerFactory.getLogger("mansio");
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    String room = event.getLoggerName().replaceAll(".*\\.(\\w+)\\.\\w+", "$1");
                    lines.add(
                            "%s: %s %s"
                                    .formatted(
                                            room,
                                            event.getFormattedMessage(),
                                            event.getKeyValuePairs()));
                }
            };
    private Level before = Level.INFO;

    @BeforeEach
    void listen() {
        before = server.getEffectiveLevel();
        server.setLevel(Level.INFO);
        appender.start();
        server.addAppender(appender);
    }

    @AfterEach
    void restore() {
        server.detachAppender(appender);
        server.setLevel(before);
    }

    @Test
    void sessionsAndMessagesHaveIds() throws IOException {
        CommandRunner commands = new CommandRunner(place.resolve("data"));
        String password;
        try (ServerHouse house = new ServerHouse(commands.data(), 0)) {
            password = house.password;
            assertThat(commands.run("send", "--to", "me@local.test").code()).isZero();
            house.talk(
                    143,
                    "a LOGIN me@local.test %s\r\nb LOGIN me@local.test %s\r\nc LOGOUT\r\n"
                            .formatted(WRONG, password));
            house.talk(
                    587, "EHLO x\r\nAUTH PLAIN AG1lQGxvY2FsLnRlc3QAcXdlcnR6dWlvcA==\r\nQUIT\r\n");
        }
        assertThat(lines)
                .anyMatch(it -> it.matches("inbound: accepted \\[qid=\"\\w+\", sid=\"\\w+\", .*"))
                .anyMatch(it -> it.matches("imapserver: log-in refused: [^\\[]* " + PEER + "]"))
                .anyMatch(
                        it ->
                                it.matches(
                                        "imapserver: logged in "
                                                + PEER
                                                + ", account=\"me@local.test\"]"))
                .anyMatch(it -> it.matches("smtpserver: log-in refused: [^\\[]* " + PEER + "]"))
                .noneMatch(it -> it.contains(WRONG) || it.contains(password));
    }
}
