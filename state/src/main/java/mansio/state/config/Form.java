package mansio.state.config;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.Upstreams;
import mansio.net.listen.ListenAt;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How values of one type stand in the file.
 *
 * @param words for the reference, such as {@code a size such as "50 MiB"}
 * @param quoted false for numbers, true and false, which stand without quotes
 * @param parse throws IllegalArgumentException with what is wrong
 * @param amount the number that bounds apply to; empty when the type has none
 */
record Form(
        String words,
        boolean quoted,
        Function<String, Object> parse,
        Function<Object, Optional<Long>> amount) {
    private static final int MAX_PORT = 65_535;
    private static final String UNIX = "unix:";
    private static final String SOCKET_PERMISSIONS = "rw-rw----";

    /** The form of a type; every type of a leaf of {@link Config} has one. */
    static Form of(Class<?> type) {
        if (type == int.class) {
            return new Form(
                    "a number",
                    false,
                    Form::number,
                    value -> Optional.of(((Integer) value).longValue()));
        }
        if (type == boolean.class) {
            return new Form("true or false", false, Form::truth, _ -> Optional.empty());
        }
        if (type == ByteSize.class) {
            return new Form(
                    "a size such as \"50 MiB\"",
                    true,
                    ByteSize::parse,
                    value -> Optional.of(((ByteSize) value).bytes()));
        }
        if (type == Duration.class) {
            return new Form(
                    "a time such as \"30 d\", \"12 h\", \"5 min\" or \"10 s\"",
                    true,
                    TimeSpan::parse,
                    value -> Optional.of(((Duration) value).toSeconds()));
        }
        if (type == Domain.class) {
            return text("a domain name", Form::domain);
        }
        if (type == Address.class) {
            return text("a mail address", Form::address);
        }
        if (type == String.class) {
            return text("a name", Form::name);
        }
        if (type == Path.class) {
            return text("a path", Form::path);
        }
        if (type == Network.class) {
            return text("a network such as \"192.0.2.0/24\"", Network::parse);
        }
        if (type == ListenAt.class) {
            return text(
                    "\"*:25\" for all addresses, \"192.0.2.1:25\", \"[2001:db8::1]:25\" or"
                            + " \"unix:/path\"",
                    Form::listenAt);
        }
        if (type == InetSocketAddress.class) {
            return text(
                    "\"192.0.2.53\", \"2001:db8::53\", \"192.0.2.53:5353\" or"
                            + " \"[2001:db8::53]:5353\"",
                    Form::nameServer);
        }
        if (type.isEnum()) {
            return text(
                    "one of " + String.join(", ", quoted(names(type))),
                    name -> constant(type, name));
        }
        throw new IllegalStateException("no form for " + type);
    }

    private static Form text(String words, Function<String, Object> parse) {
        return new Form(words, true, parse, _ -> Optional.empty());
    }

    private static Object truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("not true or false");
        };
    }

    private static Object number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a whole number", e);
        }
    }

    private static Object domain(String text) {
        return Domain.tryParse(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "not a domain name such as mail.example.org"));
    }

    private static Object address(String text) {
        return Address.tryParse(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "not a mail address such as ann@example.org"));
    }

    private static Object name(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static Object path(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not a path");
    }

    /** An address, or one with a port; with both, IPv6 stands in brackets. */
    private static Object nameServer(String text) {
        try {
            boolean withPort = text.matches("[^:]+:[0-9]+|\\[.*]:[0-9]+");
            int colon = withPort ? text.lastIndexOf(':') : text.length();
            int port = withPort ? Integer.parseInt(text.substring(colon + 1)) : Upstreams.PORT;
            String address = text.substring(0, colon);
            if (port >= 1 && port <= MAX_PORT && !address.equals("*")) {
                return withPort
                        ? socket(address, port)
                        : new InetSocketAddress(InetAddress.ofLiteral(address), port);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "not an address such as 192.0.2.53, 2001:db8::53, 192.0.2.53:5353 or"
                        + " [2001:db8::53]:5353");
    }

    private static Object listenAt(String text) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return new ListenAt.Unix(
                    (Path) path(text.substring(UNIX.length())), SOCKET_PERMISSIONS);
        }
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 1 && port <= MAX_PORT) {
                return new ListenAt.Tcp(socket(text.substring(0, colon), port));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "not an address with a port, such as *:25, 192.0.2.1:25 or [2001:db8::1]:25, and no"
                        + " unix:/path");
    }

    private static InetSocketAddress socket(String host, int port) {
        if (host.equals("*")) {
            return new InetSocketAddress(port);
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 != bracketed) {
            throw new IllegalArgumentException(host);
        }
        return new InetSocketAddress(
                InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host),
                port);
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (name((Enum<?>) constant).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("not one of " + String.join(", ", names(type)));
    }

    private static List<String> names(Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            names.add(name((Enum<?>) constant));
        }
        return names;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(name -> '"' + name + '"').toList();
    }
}
