package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.smtp.MailParameters.Dsn;
import mansio.codec.smtp.MailParameters.Ret;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.smtp.RcptParameters.OriginalRecipient;
import mansio.codec.text.Address;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Content;
import mansio.net.smtpclient.OutgoingMessage.Recipient;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SmtpSession;
import mansio.testkit.sim.Simulation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a message needs, and what a server offers. */
class OffersTest {
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

    /** What the message needs: 8 for eight bits, u for a UTF-8 header, t for REQUIRETLS. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    - ; offers SIZE 21 ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test> SIZE=21
                    -  ; offers SIZE 20                    ; refused OFFER 5.3.4 -> OPEN       ;
                    - ; offers SIZE 0 ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test> SIZE=21
                    - ; offers SIZE ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test> SIZE=21
                    - ; offers SIZE 99999999999999999999 ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test> SIZE=21
                    - ; offers 8BITMIME ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test>
                    8 ; offers 8BITMIME ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test> BODY=8BITMIME
                    8  ; offers DSN                        ; refused OFFER 5.6.3 -> OPEN       ;
                    u8 ; offers 8BITMIME                   ; refused OFFER 5.6.7 -> OPEN       ;
                    u8 ; offers 8BITMIME / offers SMTPUTF8 ; delivered 250 -> OPEN \
                    ; MAIL FROM:<from@our.test> BODY=8BITMIME SMTPUTF8
                    - ; offers SMTPUTF8 ; delivered 250 -> OPEN ; MAIL FROM:<from@our.test>
                    t  ; offers REQUIRETLS                 ; refused OFFER 5.7.10 -> OPEN      ;
                    """)
    void whatAMessageNeeds(String needs, String script, String expected, @Nullable String mail) {
        with(
                script,
                (session, server) -> {
                    Content content =
                            new Content(
                                    TEXT.length(),
                                    needs.contains("8"),
                                    needs.contains("u"),
                                    World.opener(TEXT),
                                    Optional.empty());
                    OutgoingMessage plain = toOne(content);
                    OutgoingMessage message =
                            new OutgoingMessage(
                                    plain.reversePath(),
                                    plain.recipients(),
                                    content,
                                    Dsn.NONE,
                                    needs.contains("t"));
                    assertThat(send(session, message)).isEqualTo(expected);
                    List<String> commands = server.heard().getFirst().commands();
                    if (mail == null) {
                        assertThat(commands).hasSize(1);
                    } else {
                        assertThat(commands).element(1).isEqualTo(mail);
                    }
                });
    }

    @Test
    void aSevenBitFormGoesWhereEightBitsCannot() {
        with(
                "offers SIZE",
                (session, server) -> {
                    Content content =
                            new Content(
                                    500,
                                    true,
                                    false,
                                    World.opener("caf\u00e9\r\n"),
                                    Optional.of(World.opener("caf=E9\r\n")));
                    assertThat(send(session, toOne(content))).isEqualTo("delivered 250 -> OPEN");
                    assertThat(server.heard().getFirst().messages()).containsExactly("caf=E9\r\n");
                    assertThat(server.heard().getFirst().commands())
                            .contains("MAIL FROM:<from@our.test>");
                });
    }

    @Test
    void onlyRecipientsThatNeedUtf8AreRefused() {
        OutgoingMessage message =
                World.message(World.content(TEXT), "a@x.test", "\u4e2d@x.test", "b@\u4e2d.test");
        with(
                "offers SIZE",
                (session, server) -> {
                    assertThat(send(session, message))
                            .isEqualTo("delivered 250, refused OFFER 5.6.7, delivered 250 -> OPEN");
                    assertThat(server.heard().getFirst().commands())
                            .contains("RCPT TO:<b@xn--fiq.test>");
                });
        with(
                "offers SMTPUTF8",
                (session, server) -> {
                    assertThat(send(session, message)).isEqualTo("all delivered 250 -> OPEN");
                    assertThat(server.heard().getFirst().commands())
                            .contains("MAIL FROM:<from@our.test> SMTPUTF8");
                });
    }

    @Test
    void wishesForReportsArePassedOnWhereTheyAreUnderstood() {
        OutgoingMessage message =
                new OutgoingMessage(
                        Optional.empty(),
                        List.of(
                                new Recipient(
                                        Address.parse("a@x.test"),
                                        new RcptParameters(
                                                Optional.of(Set.of(Notify.FAILURE)),
                                                Optional.of(
                                                        new OriginalRecipient(
                                                                "rfc822", "a+b@y.test"))))),
                        World.content(TEXT),
                        new Dsn(Optional.of(Ret.HDRS), Optional.of("id 1")),
                        false);
        with(
                "offers DSN",
                (session, server) -> {
                    assertThat(session.send(message, _ -> {}).dsnPassedOn()).isTrue();
                    assertThat(server.heard().getFirst().commands())
                            .contains(
                                    "MAIL FROM:<> RET=HDRS ENVID=id+201",
                                    "RCPT TO:<a@x.test> NOTIFY=FAILURE"
                                            + " ORCPT=rfc822;a+2Bb@y.test");
                });
        with(
                "offers SIZE",
                (session, server) -> {
                    assertThat(session.send(message, _ -> {}).dsnPassedOn()).isFalse();
                    assertThat(server.heard().getFirst().commands())
                            .contains("MAIL FROM:<> SIZE=21", "RCPT TO:<a@x.test>");
                });
    }
}
