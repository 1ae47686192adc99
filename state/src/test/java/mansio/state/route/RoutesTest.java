package mansio.state.route;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.state.directory.Outcome;
import mansio.state.route.Routes.IfThere;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.Seal;
import mansio.state.store.Key;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Routes: which one wins, what is kept, what is refused. */
class RoutesTest {
    @TempDir Path folder;

    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Partition directory = store.partition(PartitionId.DIRECTORY);
    private Routes routes = Optional.<Routes>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        Seal seal =
                new Seal(
                        directory,
                        new KeyPlace(folder.resolve("key"), KeyPlace.Guard.PERMISSIONS),
                        new Random(5));
        OwnDoors ours =
                new OwnDoors(
                        new Domain("mail.example.org"),
                        List.of(
                                new InetSocketAddress(25),
                                new InetSocketAddress("127.0.0.1", 10_024),
                                UnixDomainSocketAddress.of("/run/mansio/lmtp")));
        routes = Routes.open(directory, seal, time, ours);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RemoteRoute add(String pattern, String target) throws IOException {
        return done(NewRoute.of(pattern, target));
    }

    private RemoteRoute done(NewRoute wish) throws IOException {
        Outcome<RemoteRoute> outcome = routes.add(wish, IfThere.REFUSE);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<RemoteRoute>) outcome).value();
    }

    private String refused(NewRoute wish) throws IOException {
        Outcome<RemoteRoute> outcome = routes.add(wish, IfThere.REFUSE);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<RemoteRoute>) outcome).sentence();
    }

    private String refused(String target) throws IOException {
        return refused(NewRoute.of("*", target));
    }

    private static NewRoute with(String target, String user, String password) {
        return new NewRoute(
                "*",
                target,
                Optional.of(
                        new NewRoute.LogIn(
                                Optional.of(user).filter(it -> !it.isEmpty()), password)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RemoteRoute.Retry.USUAL);
    }

    private static NewRoute with(NewRoute base, String tls, String fallback) {
        return new NewRoute(
                base.pattern(),
                base.target(),
                base.logIn(),
                Optional.of(tls).filter(it -> !it.isEmpty()),
                Optional.of(fallback).filter(it -> !it.isEmpty()),
                base.source(),
                base.ehlo(),
                base.retry());
    }

    private String found(String from, String to) {
        return routes.find(
                        Optional.of(from).filter(it -> !it.isEmpty()).map(Address::parse),
                        Address.parse(to))
                .map(RemoteRoute::name)
                .orElse("none");
    }

    @Test
    void theMostSpecialWins() throws IOException {
        assertThat(found("anna@example.org", "x@a.b.example.net")).isEqualTo("none");
        List<String> patterns =
                List.of(
                        "*",
                        ".net",
                        ".example.net",
                        ".b.example.net",
                        "a.b.example.net",
                        "sender:example.org",
                        "sender:anna@example.org");
        for (String pattern : patterns) {
            add(pattern, "hold");
            assertThat(found("anna@example.org", "x@a.b.example.net")).isEqualTo(pattern);
        }
        assertThat(found("bob@example.org", "x@a.b.example.net")).isEqualTo("sender:example.org");
        assertThat(found("anna@sub.example.org", "x@example.net")).isEqualTo(".net");
        assertThat(found("", "x@b.example.net")).isEqualTo(".example.net");
        assertThat(found("", "x@[192.0.2.1]")).isEqualTo("*");
        assertThat(found("", "x@example.com")).isEqualTo("*");
        assertThat(found("anna@example.org", "x@[192.0.2.1]")).isEqualTo("sender:anna@example.org");
    }

    @Test
    void areKept() throws IOException {
        RemoteRoute plain = add("example.net", "smtp://relay.example.org:2525,192.0.2.1");
        RemoteRoute full =
                done(
                        new NewRoute(
                                ".example.com",
                                "direct",
                                Optional.of(new NewRoute.LogIn(Optional.of("me"), "pässword")),
                                Optional.of("encrypt"),
                                Optional.of("smtps://[2001:db8::1]"),
                                Optional.of("192.0.2.9"),
                                Optional.of("out.example.org"),
                                new RemoteRoute.Retry(
                                        Optional.of(Duration.ofMinutes(1)),
                                        Optional.empty(),
                                        Optional.of(Duration.ofDays(2)))));
        RemoteRoute held = add("*", "hold");
        RemoteRoute gone = add("sender:bot@example.org", "discard");
        open();
        assertThat(routes.all()).hasSize(4);
        for (RemoteRoute route : List.of(plain, held, gone)) {
            assertThat(routes.named(route.name())).contains(route);
        }
        RemoteRoute again = routes.named(".example.com").orElseThrow();
        assertThat(again.settings()).isEqualTo(full.settings());
        RouteTarget.Relay relay = again.target().relay().orElseThrow();
        assertThat(relay.text()).isEqualTo("smtps://[2001:db8:0:0:0:0:0:1]:465");
        assertThat(relay.tls()).isEqualTo(TlsMode.VERIFY);
        assertThat(((RouteTarget.Direct) again.target()).tls()).isEqualTo(TlsMode.ENCRYPT);
        assertThat(relay.logIn().orElseThrow().user()).isEqualTo("me");
        assertThat(new String(routes.password(again), StandardCharsets.UTF_8))
                .isEqualTo("pässword");
    }

    @Test
    void aPasswordIsNowhereInTheClear() throws IOException {
        RemoteRoute route = done(with("smtp://relay.example.org:587", "me", "tell-nobody"));
        assertThat(route.toString()).doesNotContain("tell-nobody");
        assertThat(with("x", "me", "tell-nobody").toString()).doesNotContain("tell-nobody");
        for (var entry :
                directory
                        .scan(
                                new Range(Key.table(1), Key.table(254)),
                                Reads.Direction.FORWARD,
                                1_000,
                                1 << 20)
                        .entries()) {
            assertThat(new String(entry.value(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("tell-nobody");
        }
    }

    @Test
    void replaceAndRemove() throws IOException {
        AtomicInteger told = new AtomicInteger();
        routes.listen(told::incrementAndGet);
        add("*", "hold");
        assertThat(refused("direct"))
                .isEqualTo(
                        "there is a route for * already; add it with --replace, or remove that one"
                                + " first");
        assertThat(routes.add(NewRoute.of("*", "direct"), IfThere.REPLACE))
                .isInstanceOf(Outcome.Done.class);
        assertThat(routes.named("*").orElseThrow().target()).isEqualTo(RouteTarget.Direct.USUAL);
        RoutePattern all = new RoutePattern.All();
        assertThat(routes.remove(all)).isInstanceOf(Outcome.Done.class);
        assertThat(routes.remove(all)).isInstanceOf(Outcome.Refused.class);
        assertThat(routes.all()).isEmpty();
        assertThat(told).hasValue(3);
    }

    @Test
    void malformedOnes() throws IOException {
        assertThat(refused(NewRoute.of("*.org", "hold"))).startsWith("'*.org' is no pattern;");
        assertThat(refused("relay.example.org")).startsWith("'relay.example.org' is no target;");
        assertThat(refused("smtp://")).startsWith("'' is no host with a port");
        assertThat(refused("smtp://a:25,,b:25")).startsWith("'' is no host with a port");
        assertThat(refused("lmtp://a:x")).startsWith("'a:x' is no host with a port");
        assertThat(refused("template:nobody")).startsWith("there is no template nobody; there are");
        assertThat(refused("smtp://h" + ",h".repeat(10))).isEqualTo("a route has at most 10 hosts");
        assertThat(refused(with(NewRoute.of("*", "hold"), "may", "")))
                .isEqualTo("hold takes no options");
        assertThat(refused(with("direct", "me", "x"))).isEqualTo("direct has nobody to log in to");
        assertThat(refused(with("smtp://r.example", "", "x")))
                .isEqualTo("a password needs a user name: --user NAME");
        assertThat(refused(with(NewRoute.of("*", "smtp://r.example"), "", "smtp://b.example")))
                .startsWith("a fallback is for direct only");
    }

    @Test
    void sockets() throws IOException {
        assertThat(add("a.example", "lmtp:/run/dovecot/lmtp").target().text())
                .isEqualTo("lmtp:/run/dovecot/lmtp");
        RouteTarget.Relay read = relay(routes.named("a.example").orElseThrow());
        assertThat(read.hosts()).containsExactly(new Endpoint.Unix(Path.of("/run/dovecot/lmtp")));
        assertThat(read.tls()).isEqualTo(TlsMode.NONE);
        assertThat(add("b.example", "lmtp:unix:/run/a,b").target().text())
                .isEqualTo("lmtp:/run/a,b");
        assertThat(refused("lmtp:/")).startsWith("'/' is no path of a socket");
        assertThat(refused("lmtp:/" + "x".repeat(103))).contains("at most 103 bytes");
        assertThat(refused("lmtp:/a\nb")).contains("is no target");
        assertThat(refused("lmtp:run/lmtp")).contains("is no target");
        assertThat(refused("lmtp:///run/lmtp")).contains("is no host with a port");
        assertThat(refused("smtp:/run/smtp")).contains("is no target");
        assertThat(refused(with("lmtp:/run/lmtp", "me", "x")))
                .isEqualTo("a socket takes no user and password");
        assertThat(refused(with(NewRoute.of("*", "lmtp:/run/lmtp"), "verify", "")))
                .isEqualTo("a socket has no TLS; leave --tls out");
    }

    @Test
    void tls() throws IOException {
        assertThat(relay(add("a.example", "smtp://r.example")).tls()).isEqualTo(TlsMode.MAY);
        assertThat(relay(add("b.example", "smtps://r.example")).tls()).isEqualTo(TlsMode.VERIFY);
        assertThat(refused(with(NewRoute.of("*", "smtps://r.example"), "may", "")))
                .startsWith("smtps is TLS from the first byte");
        NewRoute loggedIn = with("smtp://r.example:587", "me", "x");
        assertThat(refused(with(loggedIn, "may", "")))
                .startsWith("with a password --tls is verify or encrypt");
        assertThat(refused(with(loggedIn, "always", "")))
                .startsWith("'always' is no way to use TLS");
        assertThat(relay(done(loggedIn)).tls()).isEqualTo(TlsMode.VERIFY);
    }

    private static RouteTarget.Relay relay(RemoteRoute route) {
        return route.target().relay().orElseThrow();
    }

    @Test
    void templates() throws IOException {
        RouteTarget.Relay sendgrid = relay(done(with("template:sendgrid", "", "SG.key")));
        assertThat(sendgrid.text()).isEqualTo("smtp://smtp.sendgrid.net:587");
        assertThat(sendgrid.logIn().orElseThrow().user()).isEqualTo("apikey");
        assertThat(sendgrid.tls()).isEqualTo(TlsMode.VERIFY);
        assertThat(refused(with("template:ses", "me", "x")))
                .isEqualTo("Amazon SES needs a region, such as template:ses:eu-west-1");
        assertThat(refused(with("template:ses:eu west", "me", "x")))
                .isEqualTo("Amazon SES has no region 'eu west'");
        assertThat(refused(with("template:mailgun:us", "me", "x")))
                .isEqualTo("Mailgun has no region 'us'; there are eu");
        assertThat(refused("template:mailjet"))
                .isEqualTo("Mailjet wants a password: --password-stdin");
        assertThat(relay(add("a.example", "template:google-workspace")).logIn()).isEmpty();
    }

    @Test
    void noneLeadsToOurselves() throws IOException {
        List<String> ourselves =
                List.of(
                        "smtp://mail.example.org:25",
                        "smtp://MAIL.example.org",
                        "smtp://localhost:25",
                        "smtp://127.0.0.1:25",
                        "smtp://[::1]:25",
                        "smtp://0.0.0.0:25",
                        "lmtp://127.0.0.1:10024",
                        "lmtp://0.0.0.0:10024",
                        "lmtp:/run/mansio/lmtp",
                        "lmtp:/run/else/../mansio/lmtp",
                        "smtp://other.example,localhost");
        for (String target : ourselves) {
            assertThat(refused(target))
                    .endsWith("is this server itself; mail would go round for ever");
        }
        assertThat(refused(with(NewRoute.of("*", "direct"), "", "smtp://localhost")))
                .contains("this server itself");
        add("*", "smtp://127.0.0.1:10025");
        add("a.example", "smtp://other.example");
    }

    @Test
    void theDoorsOfTheLastServerAreKnown() throws IOException {
        assertThat(OwnDoors.last(directory).known()).isFalse();
        OwnDoors doors =
                new OwnDoors(
                        new Domain("mail.example.org"),
                        List.of(
                                new InetSocketAddress("2001:db8::1", 25),
                                new InetSocketAddress(587),
                                UnixDomainSocketAddress.of("/run/lmtp")));
        doors.remember(directory);
        assertThat(OwnDoors.last(directory)).isEqualTo(doors);
        OwnDoors none = new OwnDoors(new Domain("mail.example.org"), List.of());
        none.remember(directory);
        assertThat(OwnDoors.last(directory)).isEqualTo(none);
        assertThat(OwnDoors.last(directory).known()).isTrue();
    }

    @Test
    void detours() throws IOException {
        Detours detours = Detours.open(directory, time);
        assertThat(detours.around("direct mx.example.net")).isEmpty();
        detours.begin("direct mx.example.net", "550 5.7.1 your network is not welcome");
        Detours later = Detours.open(directory, time);
        assertThat(later.around("direct mx.example.net").orElseThrow().reason())
                .startsWith("550 5.7.1");
        assertThat(later.around("direct mx.example.com")).isEmpty();
        assertThat(later.all()).hasSize(1);
        time.advance(Detours.LENGTH);
        assertThat(later.around("direct mx.example.net")).isEmpty();
        later.begin("other", "x");
        assertThat(Detours.open(directory, time).all())
                .extracting(Detours.Detour::site)
                .containsExactly("other");
        later.end("other");
        assertThat(later.around("other")).isEmpty();
    }
}
