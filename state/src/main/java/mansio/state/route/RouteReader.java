package mansio.state.route;

import com.google.errorprone.annotations.FormatMethod;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.RouteTarget.Protocol;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.RouteTemplate.NeedsLogIn;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a route of what an administrator wrote, all but the password, and says what is wrong with
 * it. Used once, by one thread.
 */
final class RouteReader {
    private static final int MAX_HOSTS = 10;

    /** {@code lmtp:/run/x} and, as others write it, {@code lmtp:unix:/run/x}. */
    private static final Pattern SOCKET = Pattern.compile("lmtp:(?:unix:)?(/(?!/).*)");

    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private final NewRoute wish;

    RouteReader(NewRoute wish) {
        this.wish = wish;
    }

    /**
     * What was read.
     *
     * @param target without its log-in
     * @param logIn who logs in, with the user's name; empty for nobody
     */
    record Read(
            RoutePattern pattern,
            RouteTarget target,
            Optional<NewRoute.LogIn> logIn,
            RemoteRoute.Settings settings) {}

    Read read() throws BadRouteException {
        RoutePattern pattern =
                RoutePattern.parse(wish.pattern())
                        .orElseThrow(
                                () ->
                                        bad(
                                                "'%s' is no pattern; one is example.org,"
                                                        + " .example.org for the domains below it,"
                                                        + " sender:ADDRESS, sender:DOMAIN or '*'",
                                                wish.pattern()));
        String target = wish.target();
        if (target.equals("discard") || target.equals("hold")) {
            if (!wish.equals(NewRoute.of(wish.pattern(), target))) {
                throw bad("%s takes no options", target);
            }
            return new Read(
                    pattern,
                    target.equals("hold") ? new RouteTarget.Hold() : new RouteTarget.Discard(),
                    Optional.empty(),
                    RemoteRoute.Settings.USUAL);
        }
        boolean direct = target.equals("direct");
        if (!direct && wish.fallback().isPresent()) {
            throw bad("a fallback is for direct only; name several hosts: %s,HOST:PORT", target);
        }
        if (direct && wish.fallback().isEmpty() && wish.logIn().isPresent()) {
            throw bad("direct has nobody to log in to");
        }
        Optional<String> relay = direct ? wish.fallback() : Optional.of(target);
        Parsed parsed = relay.isEmpty() ? Parsed.NOTHING : relay(relay.get(), !direct);
        RouteTarget read =
                direct
                        ? new RouteTarget.Direct(tls().orElse(TlsMode.MAY), parsed.relay)
                        : parsed.relay.orElseThrow();
        Optional<NewRoute.LogIn> logIn =
                parsed.user.isEmpty()
                        ? Optional.empty()
                        : wish.logIn().map(it -> new NewRoute.LogIn(parsed.user, it.password()));
        return new Read(pattern, read, logIn, settings());
    }

    private record Parsed(Optional<Relay> relay, Optional<String> user) {
        static final Parsed NOTHING = new Parsed(Optional.empty(), Optional.empty());
    }

    private Parsed relay(String text, boolean takesTls) throws BadRouteException {
        boolean fromTemplate = text.startsWith(RouteTemplate.PREFIX);
        Optional<RouteTemplate.Chosen> chosen =
                fromTemplate
                        ? Optional.of(
                                RouteTemplate.choose(text.substring(RouteTemplate.PREFIX.length())))
                        : Optional.empty();
        String target = chosen.map(RouteTemplate.Chosen::target).orElse(text);
        Matcher socket = SOCKET.matcher(target);
        if (socket.matches()) return socket(socket.group(1), takesTls);
        Protocol protocol = protocol(target);
        List<Endpoint> hosts = hosts(protocol, target);
        Optional<String> user = user(chosen.map(RouteTemplate.Chosen::template));
        TlsMode usual =
                protocol == Protocol.SMTPS || user.isPresent() || fromTemplate
                        ? TlsMode.VERIFY
                        : TlsMode.MAY;
        TlsMode tls = takesTls ? tls().orElse(usual) : usual;
        if (protocol == Protocol.SMTPS && !tls.required()) {
            throw bad("smtps is TLS from the first byte; --tls is encrypt or verify there");
        }
        if (user.isPresent() && tls == TlsMode.MAY) {
            throw bad(
                    "with a password --tls is verify or encrypt; none is for a host that knows"
                            + " SCRAM, which shows no password");
        }
        return new Parsed(Optional.of(new Relay(protocol, hosts, tls, Optional.empty())), user);
    }

    /** A socket has neither TLS nor, for that reason, passwords. */
    private Parsed socket(String path, boolean takesTls) throws BadRouteException {
        Endpoint socket =
                Endpoint.parse(path, Protocol.LMTP.usualPort())
                        .orElseThrow(
                                () ->
                                        bad(
                                                "'%s' is no path of a socket; it has at most %d"
                                                        + " bytes",
                                                path, Endpoint.Unix.MAX_BYTES));
        if (wish.logIn().isPresent()) throw bad("a socket takes no user and password");
        if (takesTls && tls().orElse(TlsMode.NONE) != TlsMode.NONE) {
            throw bad("a socket has no TLS; leave --tls out");
        }
        if (wish.source().isPresent()) throw bad("--source is for hosts, not for a socket");
        return new Parsed(
                Optional.of(
                        new Relay(Protocol.LMTP, List.of(socket), TlsMode.NONE, Optional.empty())),
                Optional.empty());
    }

    private Optional<String> user(Optional<RouteTemplate> template) throws BadRouteException {
        if (wish.logIn().isEmpty()) {
            if (template.filter(it -> it.logIn() == NeedsLogIn.YES).isEmpty()) {
                return Optional.empty();
            }
            throw bad("%s wants a password: --password-stdin", template.get().service());
        }
        Optional<String> fixed = template.flatMap(RouteTemplate::fixedUser);
        Optional<String> user = wish.logIn().get().user().or(() -> fixed);
        if (user.isEmpty() || user.get().isEmpty()) {
            throw bad("a password needs a user name: --user NAME");
        }
        return user;
    }

    private Protocol protocol(String target) throws BadRouteException {
        for (Protocol protocol : Protocol.values()) {
            if (target.startsWith(protocol.prefix())) return protocol;
        }
        throw bad(
                "'%s' is no target; one is smtp://HOST:PORT, smtps://HOST:PORT, lmtp://HOST:PORT,"
                        + " lmtp:/PATH/TO/SOCKET, template:NAME, direct, discard or hold",
                target);
    }

    private static List<Endpoint> hosts(Protocol protocol, String target) throws BadRouteException {
        List<Endpoint> hosts = new ArrayList<>();
        for (String part : target.substring(protocol.prefix().length()).split(",", -1)) {
            String bare =
                    part.startsWith(protocol.prefix())
                            ? part.substring(protocol.prefix().length())
                            : part;
            hosts.add(
                    Endpoint.parse(bare, protocol.usualPort())
                            .filter(Endpoint.Tcp.class::isInstance)
                            .orElseThrow(
                                    () ->
                                            bad(
                                                    "'%s' is no host with a port, such as"
                                                        + " relay.example.org:587, 192.0.2.1:25 or"
                                                        + " [2001:db8::1]:25",
                                                    bare)));
        }
        if (hosts.size() > MAX_HOSTS) throw bad("a route has at most %d hosts", MAX_HOSTS);
        return hosts;
    }

    private Optional<TlsMode> tls() throws BadRouteException {
        if (wish.tls().isEmpty()) return Optional.empty();
        String text = wish.tls().get();
        return Optional.of(
                TlsMode.parse(text)
                        .orElseThrow(
                                () ->
                                        bad(
                                                "'%s' is no way to use TLS; --tls is none, may,"
                                                        + " encrypt or verify",
                                                text)));
    }

    private RemoteRoute.Settings settings() throws BadRouteException {
        Optional<InetAddress> source =
                wish.source().flatMap(Endpoint::literal).map(AddressLiteral::address);
        if (source.isEmpty() && wish.source().isPresent()) {
            throw bad("'%s' is no IP address to send from", wish.source().get());
        }
        Optional<Domain> ehlo = wish.ehlo().flatMap(Domain::tryParse).filter(Domain::isHostname);
        if (ehlo.isEmpty() && wish.ehlo().isPresent()) {
            throw bad("'%s' is no host name for EHLO", wish.ehlo().get());
        }
        check(wish.retry());
        return new RemoteRoute.Settings(source, ehlo, wish.retry());
    }

    private static void check(Retry retry) throws BadRouteException {
        Duration first = retry.first().orElse(Duration.ofSeconds(1));
        if (first.compareTo(Duration.ofSeconds(1)) < 0) {
            throw bad("the first pause is at least a second");
        }
        if (retry.longest().filter(it -> it.compareTo(first) < 0).isPresent()) {
            throw bad("the longest pause is shorter than the first");
        }
        if (retry.giveUpAfter()
                .filter(it -> it.isZero() || it.compareTo(LONGEST_LIFE) > 0)
                .isPresent()) {
            throw bad("messages are given up after at most 30 days");
        }
    }

    @FormatMethod
    private static BadRouteException bad(String sentence, Object... values) {
        return new BadRouteException(sentence.formatted(values));
    }
}
