package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Content;
import mansio.net.smtpclient.SendResult;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SmtpSession;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Transactions with servers that do as they should. */
class TransactionTest {
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    @FunctionalInterface
    private interface Body {
        void run(SmtpSession session, ScriptedServer server) throws Exception;
    }

    private static void with(String script, Body body) {
        with(World.PLAIN, script, body);
    }

    private static void with(SessionSettings settings, String script, Body body) {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    ScriptedServer server = world.serve("192.0.2.1", script);
                    try (SmtpSession session = world.session(settings)) {
                        body.run(session, server);
                    }
                });
    }

    private static String send(SmtpSession session, OutgoingMessage message) {
        return World.line(session.send(message, _ -> {}));
    }

    private static OutgoingMessage toOne(Content content) {
        return World.message(content, "a@x.test");
    }

    /** All that a line end can be; none may end the message or leave as it is: SMTP smuggling. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n.\n",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\r",
                "\n.\r",
                "\r.\n",
                "\r\r\n.\r\n",
                "\r\n\r.\r\n",
                "\r\n.\r\r\n",
                "\n\n.\n\n",
                "\r\n.\r\n",
                "\r\n..\r\n",
                "\r\n\0.\r\n",
                "\r\n.\0\r\n",
                "\0\r\n.\r\n",
                ".\r\n",
                "\r",
                "\n",
                "\r\n.",
                "."
            })
    void nothingWithinAMessageEndsIt(String ending) {
        String smuggled = "MAIL FROM:<evil@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n";
        String text = "Subject: x\r\n\r\nbefore" + ending + smuggled;
        for (String offers : List.of("offers SIZE", "offers PIPELINING", "offers CHUNKING")) {
            with(
                    offers,
                    (session, server) -> {
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("delivered 250 -> OPEN");
                        List<String> messages = server.heard().getFirst().messages();
                        assertThat(messages).hasSize(1);
                        String expected = text.replaceAll("\r\n|\r|\n", "\r\n");
                        if (!offers.equals("offers CHUNKING")) {
                            expected = expected.replace("\r\n.", "\r\n..");
                        }
                        assertThat(messages.getFirst()).isEqualTo(expected);
                    });
        }
    }

    @Test
    void longMessagesGoInChunksOfCheckedSize() {
        String text = "Subject: x\r\n\r\n" + "0123456789\n.\n".repeat(30_000);
        for (String offers : List.of("offers CHUNKING", "offers CHUNKING / offers PIPELINING")) {
            with(
                    offers,
                    (session, server) -> {
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("delivered 250 -> OPEN");
                        Heard heard = server.heard().getFirst();
                        assertThat(heard.messages())
                                .containsExactly(text.replaceAll("\r?\n", "\r\n"));
                        assertThat(heard.commands())
                                .contains("BDAT 65536")
                                .last()
                                .asString()
                                .matches("BDAT \\d+ LAST");
                    });
            with(
                    offers + " / BDAT 250 on / BDAT 552 5.3.4 too large",
                    (session, server) -> {
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("refused CONTENT 5.3.4 552 -> OPEN");
                        assertThat(send(session, toOne(World.content(TEXT))))
                                .isEqualTo("delivered 250 -> OPEN");
                        assertThat(server.heard().getFirst().verbs()).contains("RSET");
                    });
        }
    }

    @Test
    void whatTheServerSaysWhileItHangsUpIsHeard() {
        String text = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(100_000);
        with(
                "CONTENT 552 5.3.4 too large (close)",
                (session, _) ->
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("refused CONTENT 5.3.4 552 -> BROKEN"));
        with(
                "CONTENT (close)",
                (session, _) ->
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("deferred CONTENT 4.4.2 -> BROKEN"));
        // A "yes" before the end has come is none.
        with(
                "CONTENT 250 taken (close)",
                (session, _) ->
                        assertThat(send(session, toOne(World.content(text))))
                                .isEqualTo("deferred CONTENT 4.4.2 -> BROKEN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"offers SIZE", "offers CHUNKING"})
    void whatCannotBeReadOrAnnouncedIsNeverEnded(String offers) {
        with(
                offers,
                (session, server) -> {
                    Content torn =
                            new Content(
                                    10,
                                    false,
                                    false,
                                    () -> {
                                        throw new IOException("disk");
                                    },
                                    Optional.empty());
                    assertThat(send(session, toOne(torn)))
                            .isEqualTo("deferred LOCAL 4.3.0 -> BROKEN");
                    assertThat(server.heard().getFirst().messages()).isEmpty();
                });
        with(
                offers,
                (session, server) -> {
                    List<List<Integer>> accepted = new ArrayList<>();
                    SendResult result =
                            session.send(
                                    toOne(World.content(TEXT)),
                                    places -> {
                                        accepted.add(places);
                                        throw new IOException("withdrawn");
                                    });
                    assertThat(World.line(result)).isEqualTo("deferred LOCAL 4.3.0 -> BROKEN");
                    assertThat(accepted).containsExactly(List.of(0));
                    assertThat(server.heard().getFirst().messages()).isEmpty();
                    assertThat(server.heard().getFirst().verbs()).doesNotContain("QUIT");
                    assertThatThrownBy(() -> send(session, toOne(World.content(TEXT))))
                            .isInstanceOf(IllegalStateException.class);
                });
    }

    @Test
    void aGroupOfCommandsFitsIntoAWindow() {
        String[] recipients = new String[100];
        for (int i = 0; i < 100; i++) {
            recipients[i] = "r%d@%s.test".formatted(i, "x".repeat(60));
        }
        with(
                "offers PIPELINING / RCPT 250 ok / RCPT 550 5.1.1 no",
                (session, server) -> {
                    SendResult result =
                            session.send(World.message(World.content(TEXT), recipients), _ -> {});
                    assertThat(result.verdicts()).hasSize(100);
                    assertThat(World.line(result))
                            .startsWith("delivered 250, refused RCPT 5.1.1 550, delivered 250, ");
                    assertThat(server.heard().getFirst().messages()).hasSize(1);
                });
        assertThatThrownBy(
                        () -> {
                            String[] more = new String[101];
                            Arrays.fill(more, "a@x.test");
                            World.message(World.content(TEXT), more);
                        })
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerMayTakeFewerRecipients() {
        with(
                "offers LIMITS RCPTMAX=1 MAILMAX=2",
                (session, server) -> {
                    OutgoingMessage message =
                            World.message(World.content(TEXT), "a@x.test", "b@x.test");
                    assertThat(session.maxRecipients()).isEqualTo(1);
                    assertThat(send(session, message))
                            .isEqualTo("delivered 250, deferred RCPT 4.5.3 too many -> OPEN");
                    assertThat(session.usable()).isTrue();
                    assertThat(send(session, toOne(World.content(TEXT))))
                            .isEqualTo("delivered 250 -> OPEN");
                    assertThat(session.usable()).isFalse();
                });
    }

    @Test
    void aSessionIsUsedAgainAndResetOnlyWhenItMust() {
        with(
                "offers PIPELINING / MAIL 250 ok / MAIL 550 5.7.1 no / RCPT 250 ok / RCPT 503 no"
                        + " / RCPT 550 5.1.1 no",
                (session, server) -> {
                    OutgoingMessage message = toOne(World.content(TEXT));
                    assertThat(send(session, message)).isEqualTo("delivered 250 -> OPEN");
                    assertThat(send(session, message)).isEqualTo("refused MAIL 5.7.1 550 -> OPEN");
                    assertThat(send(session, message)).isEqualTo("refused RCPT 5.1.1 550 -> OPEN");
                    assertThat(send(session, message)).isEqualTo("delivered 250 -> OPEN");
                    session.close();
                    assertThat(server.heard().getFirst().verbs())
                            .containsExactly(
                                    "EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "MAIL",
                                    "RCPT", "DATA", "RSET", "MAIL", "RCPT", "DATA", "QUIT");
                });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    MAIL 250 ok / MAIL (close)                  ; deferred MAIL 4.4.2 -> STALE
                    MAIL 250 ok / MAIL 421 4.4.2 idle (close)   ; deferred MAIL 4.4.2 421 -> STALE
                    DOT 250 taken|421 4.4.2 idle                ; deferred MAIL 4.4.2 421 -> STALE
                    DOT 250 taken|hello                         ; deferred MAIL 4.4.2 -> STALE
                    MAIL 250 ok / MAIL 250 ok / RCPT 250 ok / RCPT (close) ; deferred RCPT 4.4.2 -> BROKEN
                    """)
    void aSessionFoundDeadSaysNothingOfTheServer(String script, String expected) {
        with(
                script,
                (session, _) -> {
                    OutgoingMessage message = toOne(World.content(TEXT));
                    assertThat(send(session, message)).isEqualTo("delivered 250 -> OPEN");
                    assertThat(send(session, message)).isEqualTo(expected);
                });
    }

    @Test
    void aSessionHasALimitOfMessagesAndOfAge() {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    world.serve("192.0.2.1", "");
                    try (SmtpSession session =
                            world.session(World.reused(2, Duration.ofMinutes(5)))) {
                        send(session, toOne(World.content(TEXT)));
                        assertThat(session.usable()).isTrue();
                        send(session, toOne(World.content(TEXT)));
                        assertThat(session.usable()).isFalse();
                    }
                    try (SmtpSession session =
                            world.session(World.reused(9, Duration.ofMinutes(5)))) {
                        simulation.time().sleep(Duration.ofMinutes(5));
                        assertThat(session.usable()).isFalse();
                    }
                });
    }

    @Test
    void aFarewellIsShort() {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    world.serve("192.0.2.1", "QUIT (silence)");
                    SmtpSession session = world.session(World.PLAIN);
                    long before = simulation.time().nanos();
                    session.close();
                    assertThat(Duration.ofNanos(simulation.time().nanos() - before))
                            .isLessThan(Duration.ofSeconds(10));
                });
    }

    @Test
    void anotherThreadCutsATransactionOff() {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    world.serve("192.0.2.1", "DOT (silence)");
                    SmtpSession session = world.session(World.PLAIN);
                    simulation
                            .threads()
                            .start(
                                    "stop",
                                    () -> {
                                        simulation.time().sleep(Duration.ofSeconds(30));
                                        session.close();
                                    });
                    long before = simulation.time().nanos();
                    assertThat(send(session, toOne(World.content(TEXT))))
                            .isEqualTo("unknown END 4.4.2 -> BROKEN");
                    assertThat(Duration.ofNanos(simulation.time().nanos() - before))
                            .isLessThan(Duration.ofMinutes(1));
                });
    }

    @Test
    void aTranscriptIsBounded() {
        with(
                World.reused(1000, Duration.ofHours(1)),
                "MAIL* 550-5.7.1 " + "x".repeat(1500) + "|550 5.7.1 " + "y".repeat(1500),
                (session, _) -> {
                    for (int i = 0; i < 300; i++) {
                        send(session, toOne(World.content(TEXT)));
                    }
                    assertThat(session.transcript()).last().isEqualTo("... and more");
                    assertThat(session.transcript().stream().mapToInt(String::length).sum())
                            .isLessThan(128 * 1024);
                });
    }

    @Test
    void wordsOfTheServerAreCleanAndBounded() {
        with(
                "MAIL 550-5.7.1 a\u0007b\u001b[31m|550 5.7.1 " + "x".repeat(1500),
                (session, _) -> {
                    SendResult result = session.send(toOne(World.content(TEXT)), _ -> {});
                    assertThat(World.line(result)).isEqualTo("refused MAIL 5.7.1 550 -> OPEN");
                    assertThat(session.transcript())
                            .contains("S: 550-5.7.1 a?b?[31m")
                            .allMatch(line -> line.length() < 520);
                });
    }
}
