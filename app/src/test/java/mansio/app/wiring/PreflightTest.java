package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.app.wiring.Town.House;
import mansio.codec.text.Address;
import mansio.serve.preflight.Score;
import mansio.serve.rehearsal.Rehearsal;
import mansio.serve.rehearsal.Rehearser;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.DkimKey;
import mansio.state.queue.Queue;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.Routes.IfThere;
import mansio.testkit.client.ImapClient;
import mansio.testkit.dns.Behaviour;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A server sends a test message to itself: all in order first, then one thing after the other. */
class PreflightTest {
    private static final String SPF = "a.example. TXT \"v=spf1 ip4:192.0.2.25 -all\"\n";
    private static final String DMARC = "_dmarc.a.example. TXT \"v=DMARC1; p=reject\"\n";
    private static final String HOST = "mx.a.example. A 192.0.2.25\n";

    @TempDir Path folder;
    private String records = "";
    private String reverseName = "mx.a.example.";
    private Town town = Optional.<Town>empty().orElse(null);
    private House house = Optional.<House>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
        town.house("b.example", 9); // Whose certificate is the one that a.example trusts.
        house = town.house("a.example", 9);
        house.until(
                () ->
                        house.state.keys().signers(Address.parse("anna@a.example")).keys().size()
                                == 2);
        zone(SPF + DMARC + HOST + keys());
    }

    @AfterEach
    void close() {
        town.close();
    }

    /** What the DNS has of our domain; the name of the address stays. */
    private void zone(String records) {
        this.records = records;
        publish();
    }

    /** What the DNS says of the address; nothing when empty. */
    private void reverse(String name) {
        this.reverseName = name;
        publish();
    }

    private void publish() {
        town.dns.replace("example.", "example. SOA ns. h. 1 1 1 1 300\n");
        town.dns.zone(
                "b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 198.51.100.7\n");
        town.dns.zone("a.example.", "a.example. SOA ns. h. 1 1 1 1 300\n" + records);
        String pointer = "25.2.0.192.in-addr.arpa. PTR " + reverseName + "\n";
        town.dns.zone(
                "arpa.", "arpa. SOA ns. h. 1 1 1 1 300\n" + (reverseName.isEmpty() ? "" : pointer));
    }

    private String keys() {
        return house.state.keys().all().stream()
                .map(it -> it.name().dnsName() + ". TXT " + quoted(it) + "\n")
                .collect(Collectors.joining());
    }

    private static String quoted(DkimKey key) {
        String record = key.record();
        int half = record.length() / 2;
        return "\"" + record.substring(0, half) + "\" \"" + record.substring(half) + "\"";
    }

    private static Rehearser.Wish wish() {
        return new Rehearser.Wish(
                Address.parse("anna@a.example"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Rehearser.Wish to(String address) {
        return new Rehearser.Wish(
                wish().from(),
                Optional.of(Address.parse(address)),
                Optional.empty(),
                Optional.empty());
    }

    private static Rehearser.Wish message(String... lines) {
        return new Rehearser.Wish(
                wish().from(),
                Optional.empty(),
                Optional.of(
                        String.join("\r\n", lines).concat("\r\n").getBytes(StandardCharsets.UTF_8)),
                Optional.empty());
    }

    private Outcome<Rehearsal> run(Rehearser.Wish wish) throws IOException {
        return house.server().rehearser().orElseThrow().run(wish);
    }

    private Rehearsal done(Rehearser.Wish wish) throws IOException {
        Outcome<Rehearsal> outcome = run(wish);
        assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<Rehearsal>) outcome).value();
    }

    private String refused(Rehearser.Wish wish) throws IOException {
        Outcome<Rehearsal> outcome = run(wish);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<Rehearsal>) outcome).sentence();
    }

    private void loses(String... rules) throws IOException {
        Score score = done(wish()).score();
        assertThat(score.lost()).extracting(Score.Lost::rule).containsExactlyInAnyOrder(rules);
        assertThat(score.unknown()).isEmpty();
    }

    private void route(String target, Optional<String> tls) throws IOException {
        house.state
                .routes()
                .add(
                        new NewRoute(
                                "*",
                                target,
                                Optional.empty(),
                                tls,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Retry.USUAL),
                        IfThere.REPLACE);
    }

    @Test
    void withAllInOrderItHasTenPointsAndNothingStays() throws IOException {
        Rehearsal found = done(wish());
        assertThat(found.score().lost()).isEmpty();
        assertThat(found.score().unknown()).isEmpty();
        assertThat(found.score().text()).isEqualTo("10.0");
        assertThat(found.score().kept())
                .contains("spf", "dkim", "alignment", "reverse-name", "helo-name", "tls", "date");
        assertThat(found.envelope().client().helo()).isEqualTo("mx.a.example");
        assertThat(found.envelope().client().address().getHostAddress()).isEqualTo("192.0.2.25");
        assertThat(found.journey().tls())
                .hasValueSatisfying(it -> assertThat(it).contains("TLSv1.3"));
        assertThat(found.journey().signing())
                .hasValueSatisfying(it -> assertThat(it).startsWith("signed: d=a.example s=m"));
        assertThat(found.journey().way()).isEqualTo("directly to the hosts of the recipient");
        assertThat(found.findings().dkim()).hasSize(2).allMatch(it -> it.passes());
        assertThat(house.state.queue().list(Queue.FIRST, 10)).isEmpty();
        assertThat(house.story("anna@a.example")).isEmpty();
        try (ImapClient client = new ImapClient(town.call(house.imap))) {
            client.login("anna@a.example", Town.PASSWORD);
            assertThat(client.select("INBOX")).isZero();
        }
    }

    @Test
    void itSaysWhichWayItWouldGo() throws IOException {
        Rehearsal found = done(to("bob@b.example"));
        assertThat(found.journey().way()).isEqualTo("directly to mx.b.example");
        assertThat(found.envelope().forwardPaths()).containsExactly(Address.parse("bob@b.example"));
        assertThat(found.score().lost()).isEmpty();
    }

    @Test
    void whatTheDnsLacksCostsPoints() throws IOException {
        zone(DMARC + HOST + keys());
        loses("spf");
        zone(SPF + HOST + keys());
        loses("dmarc-record");
        zone(SPF + DMARC + HOST + keys().replaceAll("p=[A-Za-z0-9+/]{8}", "p=AAAABBBB"));
        loses("dkim");
        zone(HOST + DMARC);
        loses("spf", "dkim", "alignment");
        zone(SPF + DMARC + HOST + keys());
        reverse("");
        loses("reverse-name", "helo-name");
        zone(SPF + DMARC + HOST + keys() + "other.a.example. A 192.0.2.25\n");
        reverse("other.a.example.");
        loses("helo-name");
        zone(SPF + DMARC + HOST + keys() + "host-192-0-2-25.a.example. A 192.0.2.25\n");
        reverse("host-192-0-2-25.a.example.");
        loses("helo-name", "generic-name");
    }

    @Test
    void whatCannotBeToldCostsNothing() throws IOException {
        town.dns.behave("_dmarc.a.example.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        town.dns.behave("25.2.0.192.in-addr.arpa.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        Score score = done(wish()).score();
        assertThat(score.lost()).isEmpty();
        assertThat(score.unknown())
                .extracting(Score.Open::rule)
                .contains("dmarc-record", "reverse-name", "helo-name");
        town.dns.behave("mx.a.example.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThatThrownBy(() -> run(wish()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not tell the address of mx.a.example now");
    }

    @Test
    void withoutTlsAPointIsLost() throws IOException {
        route("direct", Optional.of("none"));
        loses("tls");
        route("direct", Optional.of("verify"));
        Rehearsal found = done(wish());
        assertThat(found.score().lost()).isEmpty();
        assertThat(found.notes()).anyMatch(it -> it.contains("certificate of its host"));
    }

    @Test
    void aRelayHostShowsItsOwnNamesAndNothingReachesIt() throws IOException {
        try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            zone(DMARC + keys());
            reverse("");
            for (String protocol : List.of("smtp", "smtps")) {
                route(protocol + "://127.0.0.1:" + relay.getLocalPort(), Optional.of("encrypt"));
                Rehearsal found = done(wish());
                assertThat(found.score().lost()).isEmpty();
                assertThat(found.score().skipped())
                        .extracting(Score.Open::rule)
                        .containsExactlyInAnyOrder(
                                "spf", "reverse-name", "generic-name", "helo-name");
                assertThat(found.journey().relay()).contains("127.0.0.1");
                assertThat(found.journey().tls()).isPresent();
                assertThat(found.notes()).anyMatch(it -> it.contains("the world sees its address"));
            }
            relay.setSoTimeout(1);
            assertThatThrownBy(relay::accept).isInstanceOf(SocketTimeoutException.class);
        }
        Rehearser.Wish told =
                new Rehearser.Wish(
                        wish().from(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(InetAddress.ofLiteral("198.51.100.9")));
        assertThat(done(told).score().lost())
                .extracting(Score.Lost::rule)
                .containsExactly("spf", "reverse-name");
    }

    @Test
    void aMessageOfSomebodyIsSentAsItIs() throws IOException {
        Rehearsal found =
                done(
                        message(
                                "From: Anna <anna@a.example>",
                                "To: <bob@b.example>",
                                "Subject: BUY EVERYTHING NOW",
                                "",
                                "d\u00eener"));
        assertThat(found.score().lost())
                .extracting(Score.Lost::rule)
                .containsExactlyInAnyOrder("loud-subject", "bare-8bit-body");
        assertThat(refused(message("From: anna@a.example", "", "bare\nline")))
                .contains("CR or LF that is not part of a CRLF");
    }

    @Test
    void whatIsWrongIsSaidInASentence() throws IOException {
        Rehearser.Wish stranger =
                new Rehearser.Wish(
                        Address.parse("nobody@a.example"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThat(refused(stranger)).contains("no account here may send as nobody@a.example");
        assertThat(refused(to("anna@a.example"))).contains("is no address of another server");
        assertThat(refused(to("bob@nowhere.example"))).contains("does not leave: it comes back:");
        town.dns.behave("b.example.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        Rehearsal later = done(to("bob@b.example"));
        assertThat(later.score().lost()).isEmpty();
        assertThat(later.notes()).anyMatch(it -> it.contains("which host takes it cannot be told"));
        zone(SPF + DMARC + HOST + keys() + "mx.a.example. AAAA 2001:db8::25\n");
        assertThat(done(wish()).notes())
                .contains("mail may leave from 2001:db8:0:0:0:0:0:25 too; look at that with --ip");
        zone(SPF + DMARC + keys());
        assertThat(refused(wish())).contains("the DNS has no address for mx.a.example", "--ip");
        zone(SPF + DMARC + HOST + keys());
        route("hold", Optional.empty());
        assertThat(refused(wish())).contains("does not leave: it is held");
    }

    @Test
    void withoutKeysItIsSaidWhy() throws IOException {
        for (DkimKey key : List.copyOf(house.state.keys().all())) {
            var _ = house.state.keys().retire(key.name());
        }
        Rehearsal found = done(wish());
        assertThat(found.score().lost()).extracting(Score.Lost::rule).containsExactly("dkim");
        assertThat(found.journey().signing())
                .hasValueSatisfying(it -> assertThat(it).startsWith("not signed: "));
    }
}
