package mansio.serve.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.outbound.Field.Remote;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Opening;
import mansio.state.queue.Carrier.Way;
import mansio.state.queue.Failure;
import mansio.state.queue.Fate;
import mansio.state.queue.Homecoming;
import mansio.state.queue.Passage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;
import mansio.state.queue.QueueEntry;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.testkit.client.FreePort;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.remote.ScriptedServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Lanes, ways, sessions and transactions, with other servers that do as told. */
class OutboundTest {
    private static final String MESSAGE = "Subject: hello\n\nWorld\n";

    @TempDir Path folder;
    private Field field = Optional.<Field>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        field = new Field(folder);
    }

    @AfterEach
    void close() {
        field.close();
    }

    private static Passage opened(Outbound outbound, QueueEntry entry) throws IOException {
        Opening opening =
                outbound.open(Field.to(outbound, entry).site(), Field.lane(outbound, entry));
        assertThat(opening).isInstanceOf(Opening.Opened.class);
        return ((Opening.Opened) opening).passage();
    }

    private static List<Result> send(Passage passage, QueueEntry entry) {
        Dispatch dispatch =
                new Dispatch(
                        entry,
                        new Lane("", ""),
                        IntStream.range(0, entry.recipients().size()).boxed().toList());
        return passage.send(dispatch, _ -> {});
    }

    private static Result sendOne(Outbound outbound, QueueEntry entry) throws IOException {
        try (Passage passage = opened(outbound, entry)) {
            return send(passage, entry).getFirst();
        }
    }

    @Test
    void lanes() throws IOException {
        Outbound outbound = field.outbound();
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(Field.lane(outbound, entry)).isEqualTo(new Lane("", "example.net"));
        field.route("*", "smtp://relay.example.com");
        assertThat(Field.lane(outbound, entry)).isEqualTo(new Lane("*", ""));
        field.route("example.net", "direct");
        assertThat(Field.lane(outbound, entry)).isEqualTo(new Lane("example.net", "example.net"));
        field.route("sender:anna@example.org", "discard");
        assertThat(Field.lane(outbound, entry)).isEqualTo(new Lane("sender:anna@example.org", ""));
    }

    @Test
    void waysThatLeadNowhere() throws IOException {
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        Outbound outbound = field.outbound();
        Lane lane = new Lane("", "example.net");
        assertThat(outbound.way(lane))
                .isInstanceOfSatisfying(
                        Way.Fail.class, it -> assertThat(it.failure().status()).isEqualTo("5.1.2"));
        field.dns.behave("example.net", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(outbound.way(lane))
                .isInstanceOfSatisfying(
                        Way.Later.class,
                        it -> assertThat(it.failure().status()).isEqualTo("4.4.3"));
        assertThat(field.outbound(WithoutRoute.HOLD, 9).way(lane))
                .isInstanceOfSatisfying(
                        Way.Hold.class,
                        it -> assertThat(it.reason()).contains("sends nothing without a route"));
        field.route("*", "hold");
        assertThat(outbound.way(Field.lane(outbound, entry))).isInstanceOf(Way.Hold.class);
        field.route("*", "discard");
        assertThat(outbound.way(Field.lane(outbound, entry))).isInstanceOf(Way.Discard.class);
        field.route("*", "smtp://no-such-relay.example.com");
        assertThat(outbound.way(Field.lane(outbound, entry))).isInstanceOf(Way.Later.class);
        assertThat(outbound.way(new Lane(".gone.example", ""))).isInstanceOf(Way.Later.class);
    }

    @Test
    void directByMxWithTls() throws IOException {
        Remote remote = field.remote("offers STARTTLS / offers PIPELINING / offers SIZE");
        field.dns.zone("example.net.", "example.net. MX 10 mx.example.net.\n");
        Outbound outbound = field.outbound(WithoutRoute.DIRECT, remote.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(Field.to(outbound, entry).site().name())
                .isEqualTo("mx.example.net:" + remote.port());
        try (Passage passage = opened(outbound, entry)) {
            assertThat(passage.host()).isEqualTo("mx.example.net[127.0.0.1]");
            assertThat(passage.tls()).endsWith(", trusted");
            assertThat(send(passage, entry))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Result.Ended.class,
                            it -> assertThat(it.fate()).isInstanceOf(Fate.Delivered.class));
            assertThat(passage.state()).isEqualTo(Passage.State.USABLE);
        }
        assertThat(remote.message()).isEqualTo("Subject: hello\r\n\r\nWorld\r\n");
        assertThat(remote.commands()).contains("EHLO mail.example.org", "QUIT");
    }

    @Test
    void genericRulesAreForOwnMailThatLeavesBySmtp() throws IOException {
        Remote remote = field.remote("offers 8BITMIME");
        field.dns.zone("localhost.", "localhost. A 127.0.0.1\n");
        field.route("*", "smtp://localhost:" + remote.port());
        field.generic("@example.org", "@isp.example");
        String text = "From: Anna\n <anna@example.org>\nTo: b@example.org\nSubject: s\n\nanna@x\n";
        String came = text.replace("\n", "\r\n");
        QueueEntry own = field.entry(true, text, "x@example.net");
        assertThat(sendOne(field.outbound(), own)).isInstanceOf(Result.Ended.class);
        assertThat(remote.message()).isEqualTo(came.replace("@example.org", "@isp.example"));
        assertThat(remote.commands()).anyMatch(it -> it.startsWith("MAIL FROM:<anna@isp.example>"));
        QueueEntry foreign = field.entry(false, text, "x@example.net");
        assertThat(sendOne(field.outbound(), foreign)).isInstanceOf(Result.Ended.class);
        assertThat(remote.message()).isEqualTo(came);
        assertThat(remote.commands()).anyMatch(it -> it.startsWith("MAIL FROM:<anna@example.org>"));
        // Encoded anew for a host that takes no octets above 127, and rewritten too.
        Remote narrow = field.remote("offers SIZE");
        field.route("narrow.example", "smtp://localhost:" + narrow.port());
        QueueEntry high =
                field.entry(
                        true,
                        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                                + text.replace("anna@x", "\u00e4"),
                        "x@narrow.example");
        assertThat(sendOne(field.outbound(), high)).isInstanceOf(Result.Ended.class);
        assertThat(narrow.message()).contains("<anna@isp.example>").endsWith("\r\n=C3=A4\r\n");
    }

    @Test
    void relayWithLogIn() throws IOException {
        Remote remote = field.remote("offers STARTTLS / offers AUTH PLAIN");
        field.route("*", "smtp://localhost:" + remote.port(), "", "");
        field.dns.zone("localhost.", "localhost. A 127.0.0.1\n");
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(sendOne(field.outbound(), entry)).isInstanceOf(Result.Ended.class);
        assertThat(remote.commands()).anyMatch(it -> it.startsWith("AUTH PLAIN "));
    }

    @Test
    void aRefusedLogInHoldsTheLane() throws IOException {
        Remote remote =
                field.remote(
                        "offers STARTTLS / offers AUTH PLAIN / AUTH* 535 5.7.8 wrong password");
        field.route("*", "smtp://127.0.0.1:" + remote.port(), "", "");
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        Outbound outbound = field.outbound();
        assertThat(outbound.open(Field.to(outbound, entry).site(), Field.lane(outbound, entry)))
                .isInstanceOfSatisfying(
                        Opening.Hold.class,
                        it -> {
                            assertThat(it.failure().stage()).isEqualTo(Failure.Stage.AUTH);
                            assertThat(it.failure().reply()).contains("wrong password");
                            assertThat(it.failure().toString()).doesNotContain("secret-word");
                        });
    }

    @Test
    void aWayCanBeTriedWithoutSending() throws IOException {
        Remote remote = field.remote("offers STARTTLS / offers AUTH PLAIN");
        field.route("*", "smtp://127.0.0.1:" + remote.port(), "", "");
        Trial trial = field.outbound().probe(new Lane("*", ""), Optional.empty());
        assertThat(trial.works()).isTrue();
        assertThat(trial.session().orElseThrow().dialogue())
                .contains("C: EHLO mail.example.org", "C: AUTH PLAIN (secret)", "C: QUIT")
                .noneMatch(it -> it.startsWith("C: MAIL"));
        assertThat(trial.session().orElseThrow().tls().orElseThrow()).endsWith("verified");
        assertThat(trial.session().orElseThrow().user()).contains("me");

        field.dns.zone("example.net.", "example.net. MX 10 mx.example.net.\n");
        Remote rude = field.remote("CONNECT* 554 5.7.1 not you (close)");
        field.route("*", "direct", "smtp://127.0.0.1:25", "");
        Trial refused =
                field.outbound(WithoutRoute.DIRECT, rude.port())
                        .probe(new Lane("*", "example.net"), Optional.empty());
        assertThat(refused.works()).isFalse();
        assertThat(refused.outcome()).contains("not you");
        assertThat(refused.hosts())
                .singleElement()
                .satisfies(it -> assertThat(it.addresses()).containsExactly("127.0.0.1"));
        assertThat(refused.tried())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.place()).isEqualTo("mx.example.net[127.0.0.1]");
                            assertThat(it.dialogue())
                                    .containsExactly("S: 554 5.7.1 not you", "C: QUIT");
                        });
        assertThat(field.detours.all()).isEmpty();
    }

    @Test
    void aWayThatFailsSaysWhatMendsIt() throws IOException {
        Remote remote =
                field.remote(
                        "offers STARTTLS / offers AUTH PLAIN / AUTH* 535 5.7.8 wrong password");
        String target = "smtp://127.0.0.1:" + remote.port();
        field.route("*", target, "", "");
        Trial refused = field.outbound().probe(new Lane("*", ""), Optional.empty());
        assertThat(refused.outcome()).endsWith("535 5.7.8 wrong password");
        assertThat(refused.help().orElseThrow())
                .endsWith(
                        ": mansio route add '*' '%s' --tls verify --user 'me' --replace"
                                .formatted(target));

        field.dns.zone("wrong.example.", "wrong.example. A 127.0.0.1\n");
        field.route("*", "smtp://wrong.example:" + remote.port(), "", "");
        Trial misnamed = field.outbound().probe(new Lane("*", ""), Optional.empty());
        assertThat(misnamed.outcome())
                .endsWith("not for wrong.example; it is for localhost, mx.example.net, 127.0.0.1");
        assertThat(misnamed.help().orElseThrow()).contains(" --tls encrypt --user 'me' --replace");
        field.route("*", "smtp://127.0.0.1:9", "", "");
        assertThat(field.outbound().probe(new Lane("*", ""), Optional.empty()).help()).isEmpty();
    }

    @Test
    void aWayIsTriedUpToRcptNeverToData() throws IOException {
        Remote remote = field.remote("RCPT 550 5.1.1 nobody / offers SIZE");
        field.route("*", "smtp://127.0.0.1:" + remote.port());
        field.generic("@example.org", "@isp.example");
        Optional<Address> anna = Optional.of(Address.parse("anna@example.org"));
        Optional<Address> x = Optional.of(Address.parse("x@example.net"));
        Outbound outbound = field.outbound();
        Trial refused = outbound.probe(new Lane("*", ""), Optional.of(new Trial.Asked(anna, x)));
        assertThat(refused.works()).isFalse();
        assertThat(refused.outcome()).endsWith("refuses: 550 5.1.1 nobody");
        assertThat(refused.session().orElseThrow().dialogue())
                .contains("C: MAIL FROM:<anna@isp.example>", "C: RCPT TO:<x@example.net>")
                .endsWith("C: QUIT", "S: 221 2.0.0 bye")
                .noneMatch(it -> it.startsWith("C: DATA"));
        Trial taken =
                outbound.probe(
                        new Lane("*", ""), Optional.of(new Trial.Asked(Optional.empty(), x)));
        assertThat(taken.works()).isTrue();
        assertThat(taken.session().orElseThrow().dialogue())
                .contains("C: MAIL FROM:<>", "C: RCPT TO:<x@example.net>", "C: RSET");
        Trial sender =
                outbound.probe(
                        new Lane("*", ""), Optional.of(new Trial.Asked(anna, Optional.empty())));
        assertThat(sender.session().orElseThrow().dialogue())
                .noneMatch(it -> it.startsWith("C: RCPT"));
        assertThat(remote.message()).isEqualTo("none");
    }

    /** The hosts of a domain of ours are ourselves, and to send there is refused for good. */
    @Test
    void whetherADomainIsOursMustBeKnown() throws IOException {
        field.ours =
                new Homecoming() {
                    @Override
                    public boolean isOurs(Domain domain) throws IOException {
                        throw new IOException("the disk fails");
                    }

                    @Override
                    public List<Result> arrive(Dispatch dispatch) {
                        throw new IllegalStateException("nothing is ours");
                    }
                };
        assertThat(field.outbound().way(new Lane("", "example.net")))
                .isInstanceOfSatisfying(
                        Way.Later.class,
                        it -> assertThat(it.failure().status()).isEqualTo("4.3.0"));
    }

    @Test
    void theNextHostOfARelayIsTried() throws IOException {
        int dead = FreePort.any();
        Remote remote = field.remote("");
        field.route("*", "smtp://127.0.0.1:" + dead + ",127.0.0.1:" + remote.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(sendOne(field.outbound(), entry)).isInstanceOf(Result.Ended.class);
        field.route("*", "smtp://127.0.0.1:" + dead);
        Outbound outbound = field.outbound();
        assertThat(outbound.open(Field.to(outbound, entry).site(), Field.lane(outbound, entry)))
                .isInstanceOf(Opening.NotNow.class);
    }

    @Test
    void aSiteThatRefusesUsIsGoneAround() throws IOException {
        Remote site = field.remote("CONNECT* 554 5.7.1 not from your network (close)");
        Remote relay = field.remote("offers STARTTLS / offers AUTH PLAIN");
        field.dns.zone("example.net.", "example.net. MX 10 mx.example.net.\n");
        field.route("*", "direct", "smtp://127.0.0.1:" + relay.port(), "");
        Outbound outbound = field.outbound(WithoutRoute.DIRECT, site.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(sendOne(outbound, entry)).isInstanceOf(Result.Ended.class);
        assertThat(relay.message()).contains("World");
        assertThat(field.detours.all())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("not from your network"));
        assertThat(Field.to(outbound, entry).site().name())
                .isEqualTo("smtp://127.0.0.1:" + relay.port() + " by *");
    }

    @Test
    void aRefusalOfARecipientByPolicyIsTriedAgainTheOtherWay() throws IOException {
        Remote site = field.remote("RCPT* 550 5.7.1 blocked, see https://example.net/why");
        field.dns.zone("example.net.", "example.net. MX 10 mx.example.net.\n");
        Outbound outbound = field.outbound(WithoutRoute.DIRECT, site.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(sendOne(outbound, entry))
                .isInstanceOfSatisfying(
                        Result.Ended.class,
                        it -> assertThat(it.fate()).isInstanceOf(Fate.Failed.class));
        field.route("*", "direct", "smtp://127.0.0.1:25", "");
        assertThat(sendOne(outbound, entry)).isInstanceOf(Result.Deferred.class);
        assertThat(field.detours.all()).hasSize(1);
    }

    @Test
    void eightBitTextForAHostWithout8bitmime() throws IOException {
        Remote remote = field.remote("");
        field.route("*", "smtp://127.0.0.1:" + remote.port());
        String text = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nZürich\n";
        assertThat(sendOne(field.outbound(), field.entry(true, text, "x@example.net")))
                .isInstanceOfSatisfying(
                        Result.Ended.class,
                        it -> assertThat(it.fate()).isInstanceOf(Fate.Delivered.class));
        assertThat(remote.message())
                .contains("Content-Transfer-Encoding: quoted-printable\r\n")
                .endsWith("Z=C3=BCrich\r\n");
        assertThat(sendOne(field.outbound(), field.entry(false, text, "x@example.net")))
                .isInstanceOfSatisfying(
                        Result.Ended.class,
                        it ->
                                assertThat(((Fate.Failed) it.fate()).failure().status())
                                        .isEqualTo("5.6.3"));
        Remote modern = field.remote("offers 8BITMIME");
        field.route("*", "smtp://127.0.0.1:" + modern.port());
        assertThat(sendOne(field.outbound(), field.entry(false, text, "x@example.net")))
                .isInstanceOf(Result.Ended.class);
        assertThat(modern.commands()).anyMatch(it -> it.contains("BODY=8BITMIME"));
        assertThat(modern.message()).endsWith("Z\u00c3\u00bcrich\r\n");
    }

    @Test
    void lmtpAnswersForEachRecipient() throws IOException {
        Remote remote =
                field.remote(
                        "speaks LMTP / offers PIPELINING / DOT 250 2.0.0 ok / DOT 452 4.2.2 full");
        field.route("*", "lmtp://127.0.0.1:" + remote.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net", "y@example.net");
        Outbound outbound = field.outbound();
        try (Passage passage = opened(outbound, entry)) {
            List<Result> results = send(passage, entry);
            assertThat(results.getFirst()).isInstanceOf(Result.Ended.class);
            assertThat(results.getLast())
                    .isInstanceOfSatisfying(
                            Result.Deferred.class,
                            it -> assertThat(it.failure().status()).isEqualTo("4.2.2"));
        }
    }

    @Test
    void lmtpOverASocket() throws IOException {
        Path socket = folder.resolve("lmtp");
        ScriptedServer server = field.socket(socket, "speaks LMTP / offers SIZE");
        field.route("*", "lmtp:" + socket);
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        Outbound outbound = field.outbound();
        assertThat(Field.to(outbound, entry).site().name()).isEqualTo("lmtp:" + socket + " by *");
        try (Passage passage = opened(outbound, entry)) {
            assertThat(passage.host()).isEqualTo(socket.toString());
            assertThat(passage.tls()).isEmpty();
            assertThat(send(passage, entry)).singleElement().isInstanceOf(Result.Ended.class);
        }
        assertThat(server.heard().getFirst().messages())
                .containsExactly("Subject: hello\r\n\r\nWorld\r\n");
        assertThat(server.heard().getFirst().commands()).first().asString().startsWith("LHLO ");
        Trial trial = outbound.probe(new Lane("*", ""), Optional.empty());
        assertThat(trial.works()).isTrue();
        assertThat(trial.hosts())
                .containsExactly(
                        new Trial.Host(socket.toString(), 0, 0, List.of("socket"), "unchecked"));
        field.route("*", "lmtp:" + folder.resolve("none"));
        assertThat(outbound.open(Field.to(outbound, entry).site(), Field.lane(outbound, entry)))
                .isInstanceOfSatisfying(
                        Opening.NotNow.class,
                        it -> {
                            assertThat(it.failure().host())
                                    .isEqualTo(folder.resolve("none").toString());
                            assertThat(it.failure().status()).isEqualTo("4.4.1");
                        });
    }

    @Test
    void noAnswerToTheDotIsNotKnown() throws IOException {
        Remote remote = field.remote("DOT (close)");
        field.route("*", "smtp://127.0.0.1:" + remote.port());
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(sendOne(field.outbound(), entry))
                .isInstanceOfSatisfying(
                        Result.Deferred.class,
                        it -> assertThat(it.failure().stage()).isEqualTo(Failure.Stage.DOT));
    }

    @Test
    void aRouteHasItsOwnSchedule() throws IOException {
        Remote remote = field.remote("");
        field.add(
                new NewRoute(
                        "*",
                        "smtp://127.0.0.1:" + remote.port(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("127.0.0.1"),
                        Optional.of("out.example.org"),
                        new Retry(
                                Optional.of(Duration.ofHours(6)),
                                Optional.empty(),
                                Optional.of(Duration.ofDays(1)))));
        Outbound outbound = field.outbound();
        QueueEntry entry = field.entry(true, MESSAGE, "x@example.net");
        assertThat(Field.to(outbound, entry).terms().schedule())
                .hasValueSatisfying(
                        it -> {
                            assertThat(it.first()).isEqualTo(Duration.ofHours(6));
                            assertThat(it.max()).isEqualTo(Duration.ofHours(6));
                            assertThat(it.lifetime()).isEqualTo(Duration.ofDays(1));
                        });
        assertThat(sendOne(outbound, entry)).isInstanceOf(Result.Ended.class);
        assertThat(remote.commands()).contains("EHLO out.example.org");
    }
}
