package mansio.state.postfix;

import mansio.codec.text.Address;
import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of transport(5) and of a sender-dependent relay table. */
final class RouteLines {
    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|[^\\[\\]:]+)(?::(\\w+))?");

    private RouteLines() {}

    // key transport:nexthop
    static Plan transport(TableLine line) {
        if (line.isExpression()) {
            return expression();
        }
        Optional<String> pattern = pattern(line.key());
        if (pattern.isEmpty()) {
            return new Plan.Dropped(line.key() + " is neither an address nor a domain");
        }
        String value = line.value();
        int colon = value.indexOf(':');
        String kind = colon < 0 ? value : value.substring(0, colon);
        String next = colon < 0 ? "" : value.substring(colon + 1);
        return switch (kind) {
            case "", "smtp", "relay" ->
                    next.isEmpty()
                            ? command(pattern.get(), "direct", List.of())
                            : host(pattern.get(), "smtp", next);
            case "smtps" -> host(pattern.get(), "smtps", next);
            case "lmtp" -> lmtp(pattern.get(), next);
            case "discard" -> command(pattern.get(), "discard", List.of());
            case "hold" -> command(pattern.get(), "hold", List.of());
            case "local", "virtual" ->
                    new Plan.Dropped("mail for a domain of this server needs no route");
            case "error", "retry" ->
                    new Plan.Dropped("a route cannot refuse mail; leave the address out instead");
            default -> new Plan.Dropped("there is no transport " + kind + " here");
        };
    }

    // sender nexthop
    static Plan senderRelay(TableLine line) {
        if (line.isExpression()) {
            return expression();
        }
        String key = line.key().startsWith("@") ? line.key().substring(1) : line.key();
        boolean good =
                key.indexOf('@') < 0
                        ? Domain.tryParse(key).isPresent()
                        : Address.tryParse(key).isPresent();
        if (!good || line.value().isEmpty()) {
            return new Plan.Dropped("the line is not address-or-@domain host");
        }
        String next = line.value();
        return next.equals("DUNNO")
                ? new Plan.Dropped("DUNNO says nothing")
                : host(
                        "sender:" + key,
                        "smtp",
                        next.startsWith("smtp:") ? next.substring(5) : next);
    }

    private static Plan expression() {
        return new Plan.Dropped("routes have no regular expressions");
    }

    private static Optional<String> pattern(String key) {
        if (key.equals("*")) {
            return Optional.of("*");
        }
        String domain = key.startsWith(".") ? key.substring(1) : key;
        boolean good =
                key.indexOf('@') < 0
                        ? Domain.tryParse(domain).isPresent()
                        : Address.tryParse(key).isPresent();
        return good ? Optional.of(key) : Optional.empty();
    }

    private static Plan lmtp(String pattern, String next) {
        String host = next.startsWith("inet:") ? next.substring(5) : next;
        return next.startsWith("unix:")
                ? new Plan.Dropped("LMTP goes to a host and a port, not to a socket file")
                : host(pattern, "lmtp", host);
    }

    private static Plan host(String pattern, String scheme, String next) {
        Matcher matcher = HOST.matcher(next);
        if (!matcher.matches()) {
            return new Plan.Dropped(next + " is no host with a port");
        }
        String name = matcher.group(1);
        boolean bracketed = name.startsWith("[");
        String host = bracketed ? name.substring(1, name.length() - 1) : name;
        List<String> notes = new ArrayList<>();
        if (!bracketed && !scheme.equals("lmtp")) {
            notes.add("the host itself, not its MX, as if it stood in brackets");
        }
        Optional<Integer> port = port(matcher.group(2), scheme);
        if (port.isEmpty() || !isHost(host)) {
            return new Plan.Dropped(next + " is no host with a port");
        }
        String shown = host.indexOf(':') >= 0 ? "[" + host.replace("IPv6:", "") + "]" : host;
        return command(pattern, scheme + "://" + shown + ":" + port.get(), notes);
    }

    private static boolean isHost(String host) {
        if (Domain.tryParse(host).isPresent()) {
            return true;
        }
        try {
            String bare = host.replace("IPv6:", "");
            AddressLiteral.parse(bare.indexOf(':') >= 0 ? "[IPv6:" + bare + "]" : "[" + bare + "]");
            return true;
        } catch (SyntaxException e) {
            return false;
        }
    }

    private static Optional<Integer> port(@Nullable String text, String scheme) {
        if (text == null) {
            return Optional.of(
                    switch (scheme) {
                        case "smtps" -> 465;
                        case "lmtp" -> 24;
                        default -> 25;
                    });
        }
        return switch (text) {
            case "smtp" -> Optional.of(25);
            case "submission" -> Optional.of(587);
            case "smtps", "submissions" -> Optional.of(465);
            default ->
                    text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535
                            ? Optional.of(Integer.parseInt(text))
                            : Optional.empty();
        };
    }

    private static Plan command(String pattern, String target, List<String> notes) {
        return new Plan.OneRoute(pattern, target, notes);
    }
}
