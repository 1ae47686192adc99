package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.sasl.Credentials;
import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SessionTls;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Sources;
import mansio.net.smtpclient.TlsPolicy;
import mansio.testkit.sim.Simulation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sessions with servers that do not want them, or not so. */
class OpeningTest {
    private static final MailHost FIRST = World.host("mx1.test", "192.0.2.1");
    private static final MailHost SECOND = World.host("mx2.test", "192.0.2.2");
    private static final SessionSettings LOG_IN =
            World.PLAIN.with(new Credentials(Optional.empty(), "joe", "secret"));

    private static SessionSettings settings(String policy) {
        return World.PLAIN.with(
                switch (policy) {
                    case "none" -> new TlsPolicy.None();
                    case "may" -> new TlsPolicy.May();
                    case "encrypt" -> new TlsPolicy.Encrypt();
                    case "verify" -> new TlsPolicy.Verify(List.of());
                    default -> throw new IllegalArgumentException(policy);
                });
    }

    private static String line(Opening opening) {
        return switch (opening) {
            case Opening.Opened(SmtpSession session, List<Failure> _) -> {
                boolean secure = session.facts().tls().isPresent();
                session.close();
                yield session.facts().host().name() + (secure ? " in TLS" : " in clear");
            }
            case Opening.Closed(Failure failure, List<Failure> _) ->
                    failure.kind()
                            + " "
                            + failure.host()
                            + " "
                            + World.line(failure.problem())
                            + (failure.isPolicy() ? " policy" : "");
        };
    }

    /** Scripts of two hosts; the second behaves well when it has none. */
    private static String open(SessionSettings settings, @Nullable String... scripts) {
        List<String> seen = new ArrayList<>();
        Simulation.run(
                11,
                simulation -> {
                    World world = new World(simulation);
                    for (int i = 0; i < scripts.length; i++) {
                        String script = scripts[i] == null ? "" : scripts[i];
                        if (!script.equals("down")) {
                            world.serve("192.0.2." + (i + 1), script);
                        }
                    }
                    seen.add(line(world.open(settings, FIRST, SECOND)));
                });
        return seen.getFirst();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # Whatever the first does, the second has the last word.
                    down                                  ;                           ; mx2.test in clear
                    CONNECT (close)                       ;                           ; mx2.test in clear
                    CONNECT (silence)                     ;                           ; mx2.test in clear
                    CONNECT 554 5.7.1 blocked             ;                           ; mx2.test in clear
                    CONNECT 421 4.3.2 busy (close)        ;                           ; mx2.test in clear
                    CONNECT (drip 60s) 220 very slow      ;                           ; mx2.test in clear
                    CONNECT SSH-2.0-OpenSSH               ;                           ; mx2.test in clear
                    CONNECT (flood) 220-hello             ;                           ; mx2.test in clear
                    CONNECT 220 hi|250 too soon           ;                           ; mx2.test in clear
                    CONNECT 250 hi                        ;                           ; mx2.test in clear
                    EHLO (close)                          ;                           ; mx2.test in clear
                    EHLO 451 4.3.0 later                  ;                           ; mx2.test in clear
                    EHLO 550 5.7.1 no / HELO 550 5.7.1 no ;                           ; mx2.test in clear
                    EHLO 502 what? / HELO (close)         ;                           ; mx2.test in clear
                    # HELO, for those who know nothing newer.
                    EHLO 502 5.5.1 what?                  ; down                      ; mx1.test in clear
                    # A temporary answer counts more than one for good, in any order.
                    CONNECT 554 5.7.1 blocked ; CONNECT 451 4.7.1 grey ; TEMPORARY mx2.test GREETING 4.7.1 451
                    CONNECT 451 4.7.1 grey ; CONNECT 554 5.7.1 blocked ; TEMPORARY mx1.test GREETING 4.7.1 451
                    down ; CONNECT 554 5.7.1 blocked ; TEMPORARY mx1.test CONNECT 4.4.1
                    down ; CONNECT 451 4.7.1 grey ; TEMPORARY mx2.test GREETING 4.7.1 451
                    down ; down ; TEMPORARY mx1.test CONNECT 4.4.1
                    # For good only when all say so.
                    CONNECT 554 5.7.1 blocked ; CONNECT 554 no mail here \
                    ; PERMANENT mx1.test GREETING 5.7.1 554 policy
                    CONNECT 521 no mail here ; CONNECT 554 no mail here ; PERMANENT mx1.test GREETING 5.0.0 521
                    EHLO* 550 5.7.1 no / HELO* 550 5.7.1 no ; EHLO* 550 5.7.1 no / HELO* 550 5.7.1 no \
                    ; PERMANENT mx1.test EHLO 5.7.1 550 policy
                    """)
    void hosts(@Nullable String first, @Nullable String second, String expected) {
        assertThat(open(World.PLAIN, first, second)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    none    ; offers STARTTLS                                       ; mx1.test in clear
                    may     ; offers PIPELINING                                     ; mx1.test in clear
                    may     ; offers STARTTLS                                       ; mx1.test in TLS
                    may     ; offers STARTTLS / STARTTLS 454 4.7.0 not now          ; mx1.test in clear
                    may     ; offers STARTTLS / STARTTLS 501 5.5.4 what?            ; mx1.test in clear
                    may     ; offers STARTTLS / STARTTLS (close)                    ; mx1.test in clear
                    may     ; offers STARTTLS / HANDSHAKE (close)                   ; mx1.test in clear
                    may     ; offers STARTTLS / HANDSHAKE (silence)                 ; mx1.test in clear
                    may     ; offers STARTTLS / HANDSHAKE 500 what is this garbage? ; mx1.test in clear
                    may     ; offers STARTTLS / STARTTLS 220 go|250-mx1.test|250 AUTH PLAIN ; mx1.test in clear
                    encrypt ; offers STARTTLS                                       ; mx1.test in TLS
                    encrypt ; offers PIPELINING                                     ; mx2.test in TLS
                    encrypt ; EHLO 502 what?                                        ; mx2.test in TLS
                    encrypt ; offers STARTTLS / STARTTLS 454 4.7.0 not now          ; mx2.test in TLS
                    encrypt ; offers STARTTLS / HANDSHAKE (close)                   ; mx2.test in TLS
                    encrypt ; offers STARTTLS / HANDSHAKE (silence)                 ; mx2.test in TLS
                    encrypt ; offers STARTTLS / HANDSHAKE 500 what is this garbage? ; mx2.test in TLS
                    encrypt ; offers STARTTLS / STARTTLS 220 go|250-mx1.test|250 AUTH PLAIN ; mx2.test in TLS
                    verify  ; offers STARTTLS                                       ; TEMPORARY mx1.test TLS 4.7.5
                    """)
    void tls(String policy, String script, String expected) {
        assertThat(open(settings(policy), script, "offers STARTTLS")).isEqualTo(expected);
    }

    @Test
    void whatIsWrongWithTlsIsNeverForGood() {
        assertThat(open(settings("encrypt"), "", ""))
                .isEqualTo("TEMPORARY mx1.test STARTTLS 4.7.10");
        assertThat(open(settings("encrypt"), "", "CONNECT 554 5.7.1 blocked"))
                .isEqualTo("TEMPORARY mx1.test STARTTLS 4.7.10");
    }

    @Test
    void aFallBackIsNotedAndKnown() {
        Simulation.run(
                1,
                simulation -> {
                    World world = new World(simulation);
                    world.serve("192.0.2.1", "offers STARTTLS / HANDSHAKE (close)");
                    if (!(world.open(World.PLAIN, FIRST)
                            instanceof Opening.Opened(SmtpSession session, List<Failure> _))) {
                        throw new AssertionError();
                    }
                    assertThat(session.facts().notes())
                            .singleElement()
                            .asString()
                            .startsWith("TLS with mx1.test failed")
                            .endsWith("in clear");
                    session.close();
                    world.serve("192.0.2.1", "offers STARTTLS");
                    if (!(world.open(World.PLAIN, FIRST)
                            instanceof Opening.Opened(SmtpSession second, List<Failure> _))) {
                        throw new AssertionError();
                    }
                    SessionTls tls = second.facts().tls().orElseThrow();
                    assertThat(tls.verified()).isFalse();
                    assertThat(tls.toString())
                            .isEqualTo(
                                    "TLSv1.3, TLS_AES_128_GCM_SHA256, not verified:"
                                            + " the server showed no certificate");
                    assertThat(second.facts().notes()).isEmpty();
                    second.close();
                });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # A password never travels in clear.
                    offers AUTH PLAIN LOGIN                              ; LOGIN mx1.test AUTH 4.7.0 ; EHLO
                    offers STARTTLS / offers AUTH PLAIN LOGIN ; mx1.test in TLS ; EHLO STARTTLS EHLO AUTH
                    offers PIPELINING                                    ; LOGIN mx1.test AUTH 4.7.0 ; EHLO
                    # A refused one is not tried at the next host, and not in another way.
                    offers STARTTLS / offers AUTH PLAIN LOGIN / AUTH* 535 5.7.8 no \
                    ; LOGIN mx1.test AUTH 5.7.8 535 ; EHLO STARTTLS EHLO AUTH QUIT
                    # Another mechanism is, and so is the next host when this one is ill.
                    offers STARTTLS / offers AUTH=PLAIN LOGIN / AUTH 504 5.5.4 what? / AUTH 334 VXNlcm5hbWU6 \
                    / OTHER 334 UGFzc3dvcmQ6 / OTHER 235 ok ; mx1.test in TLS \
                    ; EHLO STARTTLS EHLO AUTH AUTH AM9L C2VJCMV0
                    offers STARTTLS / offers AUTH PLAIN / AUTH* 454 4.7.0 ill ; mx2.test in TLS \
                    ; EHLO STARTTLS EHLO AUTH QUIT
                    offers STARTTLS / offers AUTH PLAIN / AUTH* 334 !!! ; mx2.test in TLS ; EHLO STARTTLS EHLO AUTH
                    # Whoever says yes without proof has not the password.
                    offers AUTH SCRAM-SHA-256 / AUTH 235 2.7.0 ok        ; mx2.test in TLS           ; EHLO AUTH
                    offers STARTTLS / offers AUTH PLAIN SCRAM-SHA-256 / AUTH 235 ok ; mx2.test in TLS \
                    ; EHLO STARTTLS EHLO AUTH
                    """)
    void logIn(String script, String expected, String verbs) {
        Simulation.run(
                5,
                simulation -> {
                    World world = new World(simulation);
                    ScriptedServer server = world.serve("192.0.2.1", script);
                    world.serve("192.0.2.2", "offers STARTTLS / offers AUTH PLAIN");
                    assertThat(line(world.open(LOG_IN, FIRST, SECOND))).isEqualTo(expected);
                    List<String> heard = new ArrayList<>(server.heard().getFirst().verbs());
                    if (expected.contains("mx1.test in TLS") || !verbs.endsWith("QUIT")) {
                        heard.remove("QUIT");
                    }
                    assertThat(String.join(" ", heard)).isEqualTo(verbs);
                });
    }

    @Test
    void hostsWithoutWhatIsNeededArePassedOver() {
        SessionSettings needing = World.PLAIN.needing(Set.of("REQUIRETLS"));
        assertThat(open(needing, "offers SIZE", "offers REQUIRETLS"))
                .isEqualTo("mx2.test in clear");
        assertThat(open(needing, "offers SIZE", "offers SIZE"))
                .isEqualTo("PERMANENT mx1.test OFFER 5.7.30");
        assertThat(open(needing, "offers SIZE", "down"))
                .isEqualTo("TEMPORARY mx2.test CONNECT 4.4.1");
    }

    @Test
    void atMostTenAddressesAreTriedAndEachOnce() {
        Simulation.run(
                2,
                simulation -> {
                    World world = new World(simulation);
                    List<String> addresses = new ArrayList<>(List.of("192.0.2.101", "192.0.2.101"));
                    for (int i = 102; i < 120; i++) {
                        addresses.add("192.0.2." + i);
                    }
                    world.serve("192.0.2.119", "");
                    MailHost many = World.host("mx.test", addresses.toArray(String[]::new));
                    if (!(world.open(World.PLAIN, many)
                            instanceof Opening.Closed(Failure _, List<Failure> failures))) {
                        throw new AssertionError();
                    }
                    assertThat(failures.stream().map(it -> it.address().orElseThrow()))
                            .hasSize(10)
                            .doesNotHaveDuplicates();
                });
    }

    @Test
    void theSourceAddressAndItsNameBelongTogether() {
        Sources sources =
                new Sources(
                        new Sources.Source(
                                Optional.of(InetAddress.ofLiteral("198.51.100.4")), "four.test"),
                        new Sources.Source(
                                Optional.of(InetAddress.ofLiteral("2001:db8::6")), "six.test"));
        Simulation.run(
                2,
                simulation -> {
                    World world = new World(simulation);
                    ScriptedServer six = world.serve("2001:db8::1", "CONNECT 451 4.3.0 later");
                    ScriptedServer alsoSix = world.serve("2001:db8::2", "EHLO 451 4.3.0 later");
                    ScriptedServer four = world.serve("192.0.2.1", "");
                    MailHost host =
                            World.host("mx.test", "2001:db8::1", "2001:db8::2", "192.0.2.1");
                    assertThat(line(world.open(SessionSettings.usual(sources), host)))
                            .isEqualTo("mx.test in clear");
                    assertThat(six.heard().getFirst().commands()).containsExactly("QUIT");
                    assertThat(alsoSix.heard().getFirst().commands())
                            .containsExactly("EHLO six.test", "QUIT");
                    assertThat(four.heard().getFirst().commands())
                            .containsExactly("EHLO four.test", "QUIT");
                });
    }
}
