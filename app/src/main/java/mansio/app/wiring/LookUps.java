package mansio.app.wiring;

import mansio.net.dns.CachingResolver;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.Recursor;
import mansio.net.dns.ResolvConf;
import mansio.net.dns.Resolver;
import mansio.net.dns.RootServers;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.Source;
import mansio.net.dns.StubResolver;
import mansio.net.dns.TrustAnchors;
import mansio.net.dns.Upstreams;
import mansio.net.dns.Validator;
import mansio.net.dns.ValidatorIfPossible;
import mansio.state.config.ByteSize;
import mansio.state.config.Config;
import mansio.state.config.Config.Dnssec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The resolver of a server, as it is configured. */
public final class LookUps {
    private static final long USUAL_CACHE_BYTES = 16L << 20;

    /** Of many name servers one or the other is always silent. */
    private static final Duration NAME_SERVER_PATIENCE = Duration.ofMillis(1_500);

    private LookUps() {}

    /** As it is where nothing is configured. */
    public static Resolver usual(Machine machine) {
        return resolver(
                new Config.Dns(
                        List.of(),
                        Optional.empty(),
                        Dnssec.AUTO,
                        new ByteSize(USUAL_CACHE_BYTES),
                        false),
                machine);
    }

    /** Asks over the network. */
    public static Resolver resolver(Config.Dns dns, Machine machine) {
        DnsTransport transport = new SocketTransport(machine.time(), machine.threads());
        Supplier<Upstreams> upstreams = upstreams(dns, ResolvConf.USUAL, machine);
        Exchange exchange = new Exchange(upstreams, transport, machine.time(), machine.random());
        Source source =
                dns.recursion()
                        ? fromTheRoot(dns, exchange, machine)
                        : source(dns.dnssec(), exchange, machine);
        return new CachingResolver(
                new StubResolver(source),
                CachingResolver.Limits.ofSize(dns.cache().bytes()),
                machine.time(),
                machine.threads());
    }

    /** Name servers are nobody's trusted resolvers: what they say is checked, or nothing is. */
    private static Source fromTheRoot(Config.Dns dns, Exchange exchange, Machine machine) {
        Recursor recursor = new Recursor(exchange, machine.time(), machine.random());
        return dns.dnssec() == Dnssec.OFF
                ? recursor
                : new Validator(recursor, TrustAnchors.ofTheWorld(), machine.time());
    }

    private static Source source(Dnssec dnssec, Exchange exchange, Machine machine) {
        return switch (dnssec) {
            case OFF, TRUST_AD -> exchange;
            case VALIDATE -> new Validator(exchange, TrustAnchors.ofTheWorld(), machine.time());
            case AUTO ->
                    new ValidatorIfPossible(
                            exchange,
                            new Validator(exchange, TrustAnchors.ofTheWorld(), machine.time()),
                            machine.time());
        };
    }

    /** Whom to ask: those that are configured, or those of the system. */
    static Supplier<Upstreams> upstreams(Config.Dns dns, Path resolvConf, Machine machine) {
        if (dns.recursion()) {
            Upstreams root =
                    new Upstreams(
                            dns.servers().isEmpty() ? RootServers.ofTheWorld() : dns.servers(),
                            dns.timeout().orElse(NAME_SERVER_PATIENCE),
                            1,
                            false);
            return () -> root;
        }
        if (dns.servers().isEmpty()) {
            return new ResolvConf(resolvConf, found -> adjusted(found, dns), machine.time());
        }
        Upstreams fixed =
                new Upstreams(
                        dns.servers(),
                        dns.timeout().orElse(ResolvConf.PATIENCE),
                        ResolvConf.ROUNDS,
                        dns.dnssec() == Dnssec.TRUST_AD);
        return () -> fixed;
    }

    private static Upstreams adjusted(Upstreams found, Config.Dns dns) {
        boolean trustAd =
                switch (dns.dnssec()) {
                    case TRUST_AD -> true;
                    case OFF, VALIDATE -> false;
                    case AUTO ->
                            found.trustAd()
                                    && found.servers().stream()
                                            .allMatch(
                                                    server ->
                                                            server.getAddress()
                                                                    .isLoopbackAddress());
                };
        return new Upstreams(
                found.servers(), dns.timeout().orElse(found.patience()), found.rounds(), trustAd);
    }
}
