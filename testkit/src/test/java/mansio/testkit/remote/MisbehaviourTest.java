package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.SendResult;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Verdict;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Servers that go wrong at each step of a transaction, one row each. */
class MisbehaviourTest {
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    /** What was seen: the result, and whether the last moment before the end was announced. */
    private record Seen(String line, boolean announced, List<Heard> heard) {}

    private static Seen send(String script, long seed) {
        List<Seen> seen = new ArrayList<>();
        Simulation.run(
                seed,
                simulation -> {
                    World world = new World(simulation);
                    ScriptedServer server = world.serve("192.0.2.1", script);
                    boolean[] announced = new boolean[1];
                    try (SmtpSession session = world.session(World.PLAIN)) {
                        SendResult result =
                                session.send(
                                        World.message(World.content(TEXT), "a@x.test", "b@x.test"),
                                        _ -> announced[0] = true);
                        seen.add(new Seen(World.line(result), announced[0], server.heard()));
                        assertThat(session.usable()).isEqualTo(result.end() == SendResult.End.OPEN);
                    }
                });
        return seen.getFirst();
    }

    /** Whatever the server has learned of the extensions, the verdicts are the same. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    all is well                  ;                           ; all delivered 250 -> OPEN
                    4xx at MAIL                  ; MAIL 451 4.3.0 later      ; all deferred MAIL 4.3.0 451 -> OPEN
                    5xx at MAIL                  ; MAIL 550 5.7.1 no         ; all refused MAIL 5.7.1 550 -> OPEN
                    5xx without status           ; MAIL 550 no               ; all refused MAIL 5.0.0 550 -> OPEN
                    421 at MAIL                  ; MAIL 421 4.3.2 bye        ; all deferred MAIL 4.3.2 421 -> BROKEN
                    closes at MAIL               ; MAIL (close)              ; all deferred MAIL 4.4.2 -> BROKEN
                    silent at MAIL               ; MAIL (silence)            ; all deferred MAIL 4.4.2 -> BROKEN
                    slow octets at MAIL ; MAIL (drip 30s) 250 a long answer ; all deferred MAIL 4.4.2 -> BROKEN
                    no reply at all at MAIL      ; MAIL hello world          ; all deferred MAIL 4.4.2 -> BROKEN
                    codes differ at MAIL         ; MAIL 250-ok|550 no        ; all deferred MAIL 4.4.2 -> BROKEN
                    a code beyond all bounds     ; MAIL 650 ok               ; all deferred MAIL 4.4.2 -> BROKEN
                    354 at MAIL                  ; MAIL 354 ok               ; all deferred MAIL 4.5.0 354 -> OPEN
                    lines without end at MAIL    ; MAIL (flood) 250-and more ; all deferred MAIL 4.4.2 -> BROKEN
                    one refused ; RCPT 550 5.1.1 no ; refused RCPT 5.1.1 550, delivered 250 -> OPEN
                    the other refused ; RCPT 250 ok / RCPT 450 4.2.1 busy \
                    ; delivered 250, deferred RCPT 4.2.1 450 -> OPEN
                    both refused                 ; RCPT* 550 5.1.1 no        ; all refused RCPT 5.1.1 550 -> OPEN
                    too many ; RCPT 250 ok / RCPT 452 4.5.3 too many \
                    ; delivered 250, deferred RCPT 4.5.3 452 too many -> OPEN
                    too many by RFC 821 ; RCPT 250 ok / RCPT 552 too many \
                    ; delivered 250, deferred RCPT 4.5.3 552 too many -> OPEN
                    a full mailbox ; RCPT 250 ok / RCPT 552 5.2.2 full ; delivered 250, refused RCPT 5.2.2 552 -> OPEN
                    too many at the first ; RCPT 452 4.5.3 too many ; deferred RCPT 4.5.3 452, delivered 250 -> OPEN
                    421 at the second ; RCPT 250 ok / RCPT 421 4.7.0 bye (close) \
                    ; all deferred RCPT 4.7.0 421 -> BROKEN
                    refused, then 421 ; RCPT 550 5.1.1 no / RCPT 421 4.7.0 bye \
                    ; refused RCPT 5.1.1 550, deferred RCPT 4.7.0 421 -> BROKEN
                    refused, then closed ; RCPT 550 5.1.1 no / RCPT (close) \
                    ; refused RCPT 5.1.1 550, deferred RCPT 4.4.2 -> BROKEN
                    251 is a yes                 ; RCPT 251 2.1.5 will forward ; all delivered 250 -> OPEN
                    many lines ; RCPT 250-2.1.5 a|250-2.1.5 b|250 2.1.5 c ; all delivered 250 -> OPEN
                    """)
    void theEnvelope(String name, @Nullable String script, String expected) {
        for (String offers :
                List.of(
                        "offers SIZE",
                        "offers PIPELINING",
                        "offers CHUNKING",
                        "offers PIPELINING / offers CHUNKING")) {
            for (long seed = 0; seed < 3; seed++) {
                Seen seen = send(offers + " / " + (script == null ? "" : script), seed);
                assertThat(seen.line()).as(offers).isEqualTo(expected);
                assertThat(seen.announced()).as(offers).isEqualTo(expected.contains("delivered"));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    4xx at DATA ; DATA 451 4.3.0 later ; all deferred DATA 4.3.0 451 -> OPEN ; false
                    5xx at DATA ; DATA 554 5.7.1 no ; all refused DATA 5.7.1 554 -> OPEN ; false
                    250 at DATA ; DATA 250 ok ; all deferred DATA 4.5.0 250 -> BROKEN ; false
                    closes at DATA ; DATA (close) ; all deferred DATA 4.4.2 -> BROKEN ; false
                    421 at DATA ; DATA 421 4.3.2 bye (close) ; all deferred DATA 4.3.2 421 -> BROKEN ; false
                    an early end ; DATA 354 go|250 taken ; all deferred CONTENT 4.4.2 -> BROKEN ; false
                    421 with the go-ahead ; DATA 354 go|421 4.3.2 bye \
                    ; all deferred CONTENT 4.3.2 421 -> BROKEN ; false
                    4xx after the dot ; DOT 451 4.3.0 later ; all deferred END 4.3.0 451 -> OPEN ; true
                    5xx after the dot ; DOT 554 5.6.0 spam ; all refused END 5.6.0 554 -> OPEN ; true
                    one refused, then 5xx ; RCPT 550 5.1.1 no / DOT 554 5.6.0 spam \
                    ; refused RCPT 5.1.1 550, refused END 5.6.0 554 -> OPEN ; true
                    421 after the dot ; DOT 421 4.3.2 bye (close) ; all deferred END 4.3.2 421 -> BROKEN ; true
                    closes after the dot ; DOT (close) ; all unknown END 4.4.2 -> BROKEN ; true
                    silent after the dot ; DOT (silence) ; all unknown END 4.4.2 -> BROKEN ; true
                    nonsense after the dot ; DOT taken ; all unknown END 4.4.2 -> BROKEN ; true
                    354 after the dot ; DOT 354 go on ; all unknown END 4.4.2 -> BROKEN ; true
                    refused, then closed ; RCPT 550 5.1.1 no / DOT (close) \
                    ; refused RCPT 5.1.1 550, unknown END 4.4.2 -> BROKEN ; true
                    no recipients, 354 ; RCPT* 550 5.1.1 no / DATA 354 go ; all refused RCPT 5.1.1 550 -> OPEN ; false
                    no sender, 354 ; MAIL 550 5.7.1 no / RCPT* 503 5.5.1 MAIL first / DATA 354 go \
                    ; all refused MAIL 5.7.1 550 -> OPEN ; false
                    """)
    void theMessage(String name, String script, String expected, boolean announced) {
        for (String offers : List.of("offers SIZE", "offers PIPELINING")) {
            Seen seen = send(offers + " / " + script, 7);
            assertThat(seen.line()).as(offers).isEqualTo(expected);
            assertThat(seen.announced()).as(offers).isEqualTo(announced);
            for (String message : seen.heard().getFirst().messages()) {
                // RFC 2920 section 3.1: a lonely dot, where nobody may get the message.
                assertThat(message).isEqualTo(expected.contains("END") ? TEXT : "");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    4xx at the last chunk   ; LAST 451 4.3.0 later       ; all deferred END 4.3.0 451 -> OPEN
                    5xx at the last chunk   ; LAST 554 5.6.0 spam        ; all refused END 5.6.0 554 -> OPEN
                    closes at the last      ; LAST (close)               ; all unknown END 4.4.2 -> BROKEN
                    silent at the last      ; LAST (silence)             ; all unknown END 4.4.2 -> BROKEN
                    421 at the last         ; LAST 421 4.3.2 bye         ; all deferred END 4.3.2 421 -> BROKEN
                    """)
    void theChunks(String name, String script, String expected) {
        for (String offers : List.of("offers CHUNKING", "offers PIPELINING / offers CHUNKING")) {
            Seen seen = send(offers + " / " + script, 7);
            assertThat(seen.line()).as(offers).isEqualTo(expected);
            assertThat(seen.announced()).isTrue();
        }
    }

    /**
     * Connections that break, fall silent and dawdle anywhere: what is reported as delivered was
     * delivered, and what was delivered is reported as that or as unknown.
     */
    @Test
    void noVerdictLiesInRoughWeather() {
        Set<String> kinds = new HashSet<>();
        for (long seed = 0; seed < 400; seed++) {
            String offers = seed % 2 == 0 ? "offers PIPELINING" : "offers CHUNKING";
            Simulation.run(seed, simulation -> kinds.add(roughly(simulation, offers)));
        }
        assertThat(kinds).contains("no session", "Delivered", "Deferred", "Unknown");
    }

    private static String roughly(Simulation simulation, String offers) {
        String text = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(150);
        World world = new World(simulation, Faults.ROUGH);
        ScriptedServer server = world.serve("192.0.2.1", offers);
        MailHost host = World.host("mx.test", "192.0.2.1");
        if (!(world.open(World.PLAIN, host)
                instanceof Opening.Opened(SmtpSession session, List<Failure> _))) {
            return "no session";
        }
        try (session) {
            boolean[] announced = new boolean[1];
            Verdict verdict =
                    session.send(
                                    World.message(World.content(text), "a@x.test"),
                                    _ -> announced[0] = true)
                            .verdicts()
                            .getFirst();
            // What is under way arrives, or never will.
            simulation.time().sleep(Duration.ofMinutes(1));
            List<String> messages =
                    server.heard().stream().flatMap(it -> it.messages().stream()).toList();
            if (verdict instanceof Verdict.Delivered) {
                assertThat(messages).containsExactly(text);
            } else if (verdict instanceof Verdict.Deferred) {
                assertThat(messages).isEmpty();
            }
            assertThat(announced[0] || messages.isEmpty()).isTrue();
            return verdict.getClass().getSimpleName();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    all is well          ;                          ; all delivered 250 -> OPEN
                    one of two ; DOT 250 ok / DOT 452 4.2.2 full ; delivered 250, deferred END 4.2.2 452 -> OPEN
                    the other            ; DOT 550 5.2.1 no         ; refused END 5.2.1 550, delivered 250 -> OPEN
                    one refused before ; RCPT 550 5.1.1 no / DOT 452 4.2.2 full \
                    ; refused RCPT 5.1.1 550, deferred END 4.2.2 452 -> OPEN
                    closes in between    ; DOT 250 ok / DOT (close) ; delivered 250, unknown END 4.4.2 -> BROKEN
                    421 in between ; DOT 250 ok / DOT 421 4.3.2 bye (close) \
                    ; delivered 250, deferred END 4.3.2 421 -> BROKEN
                    354 for nobody       ; RCPT* 550 5.1.1 no / DATA 354 go ; all refused RCPT 5.1.1 550 -> BROKEN
                    """)
    void lmtp(String name, @Nullable String script, String expected) {
        String acts = script == null ? "" : script;
        lmtp("speaks LMTP / offers PIPELINING / " + acts, expected);
        if (!acts.contains("DATA")) {
            String chunks = acts.replace("DOT", "LAST");
            lmtp("speaks LMTP / offers PIPELINING / offers CHUNKING / " + chunks, expected);
        }
    }

    private static void lmtp(String script, String expected) {
        Simulation.run(
                3,
                simulation -> {
                    World world = new World(simulation);
                    world.serve("192.0.2.1", script);
                    try (SmtpSession session = world.session(World.lmtp())) {
                        SendResult result =
                                session.send(
                                        World.message(World.content(TEXT), "a@x.test", "b@x.test"),
                                        _ -> {});
                        assertThat(World.line(result)).isEqualTo(expected);
                    }
                });
    }
}
