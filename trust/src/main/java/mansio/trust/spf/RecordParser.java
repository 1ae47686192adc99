package mansio.trust.spf;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads a record: the grammar of RFC 7208 section 12. One object reads one record. */
final class RecordParser {
    private final String text;
    private final Cursor in;
    private final List<Directive> directives = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    // Until the modifier is met.
    private @Nullable MacroString redirect;
    private @Nullable MacroString explanation;

    RecordParser(String text) {
        this.text = text;
        this.in = new Cursor(text);
    }

    // record = version terms *SP
    // terms = *( 1*SP ( directive / modifier ) )
    SpfRecord read() {
        if (text.length() > SpfRecord.MAX_LENGTH) {
            throw new SyntaxException("the record is too long", SpfRecord.MAX_LENGTH);
        }
        if (!SpfRecord.isMeant(text)) {
            throw new SyntaxException("no \"v=spf1\" at the beginning", 0);
        }
        in.reset(SpfRecord.VERSION.length());
        in.skipWhile(c -> c == ' ');
        while (!in.atEnd()) {
            term();
            in.skipWhile(c -> c == ' ');
        }
        return new SpfRecord(
                text,
                directives,
                Optional.ofNullable(redirect),
                Optional.ofNullable(explanation),
                unknown);
    }

    // directive = [ qualifier ] mechanism
    // name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
    private void term() {
        int start = in.offset();
        Qualifier qualifier = qualifier();
        boolean qualified = in.offset() > start;
        int nameAt = in.offset();
        if (!Ascii.isLetter(in.peek())) {
            throw fault("a term that begins with no letter", nameAt);
        }
        String name = Ascii.lower(in.takeWhile(RecordParser::isNameChar));
        if (in.peek() == '=') {
            if (qualified) {
                throw fault("a modifier with a qualifier", start);
            }
            in.next();
            modifier(name, start);
            return;
        }
        int at = in.offset();
        String rest = in.takeWhile(c -> c != ' ');
        Mechanism mechanism =
                switch (name) {
                    case "all" -> all(rest, at);
                    case "include" -> new Mechanism.Include(argument(rest, at));
                    case "a" -> {
                        Tail tail = tail(rest, at);
                        yield new Mechanism.A(optional(tail.before(), at), tail.cidr());
                    }
                    case "mx" -> {
                        Tail tail = tail(rest, at);
                        yield new Mechanism.Mx(optional(tail.before(), at), tail.cidr());
                    }
                    case "ptr" -> new Mechanism.Ptr(optional(rest, at));
                    case "ip4" -> new Mechanism.Ip4(ip4(rest, at));
                    case "ip6" -> new Mechanism.Ip6(ip6(rest, at));
                    case "exists" -> new Mechanism.Exists(argument(rest, at));
                    default -> throw fault(unknownMechanism(name), nameAt);
                };
        String written = in.between(start, in.offset());
        directives.add(new Directive(qualifier, mechanism, written, start));
    }

    private Qualifier qualifier() {
        for (Qualifier qualifier : Qualifier.values()) {
            if (in.take(qualifier.sign())) {
                return qualifier;
            }
        }
        return Qualifier.PASS;
    }

    private static boolean isNameChar(char c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-' || c == '_' || c == '.';
    }

    private static String unknownMechanism(String name) {
        return switch (name) {
            case "ipv4" -> "an unknown mechanism (it is ip4)";
            case "ipv6" -> "an unknown mechanism (it is ip6)";
            case "redirect", "exp" -> "a modifier without \"=\" after its name";
            default -> "an unknown mechanism";
        };
    }

    // modifier = redirect / explanation / unknown-modifier
    private void modifier(String name, int start) {
        int at = in.offset();
        String value = in.takeWhile(c -> c != ' ');
        switch (name) {
            case "redirect" -> {
                once(redirect, start);
                redirect = domainSpec(value, at);
            }
            case "exp" -> {
                once(explanation, start);
                explanation = domainSpec(value, at);
            }
            default -> {
                new MacroParser(value, at, MacroParser.Use.UNKNOWN_MODIFIER).read();
                unknown.add(name);
            }
        }
    }

    private static void once(@Nullable MacroString before, int at) {
        if (before != null) {
            throw fault("a modifier that is there twice", at);
        }
    }

    private static Mechanism all(String rest, int at) {
        if (!rest.isEmpty()) {
            throw fault("an argument of \"all\", which has none", at);
        }
        return new Mechanism.All();
    }

    // ":" domain-spec
    private static MacroString argument(String rest, int at) {
        if (rest.isEmpty() || rest.charAt(0) != ':') {
            throw fault("a mechanism without the \":\" and domain name that it needs", at);
        }
        return domainSpec(rest.substring(1), at + 1);
    }

    // [ ":" domain-spec ]
    private static Optional<MacroString> optional(String rest, int at) {
        return rest.isEmpty() ? Optional.empty() : Optional.of(argument(rest, at));
    }

    private static MacroString domainSpec(String text, int at) {
        return new MacroParser(text, at, MacroParser.Use.DOMAIN_SPEC).read();
    }

    /** What stands before the prefix lengths, and these. */
    private record Tail(String before, Cidr cidr) {}

    /**
     * Cuts {@code [ "/" ip4-cidr ] [ "//" ip6-cidr ]} off the end. A domain-spec may hold slashes,
     * but ends in none followed by digits.
     */
    private static Tail tail(String rest, int at) {
        int end = rest.length();
        int ip4 = Cidr.EXACT.ip4();
        int ip6 = Cidr.EXACT.ip6();
        int slash = slashBeforeDigits(rest, end);
        if (slash > 0 && rest.charAt(slash - 1) == '/') {
            ip6 = prefixLength(rest.substring(slash + 1, end), 128, at + slash + 1);
            end = slash - 1;
            slash = slashBeforeDigits(rest, end);
        }
        if (slash >= 0 && (slash == 0 || rest.charAt(slash - 1) != '/')) {
            ip4 = prefixLength(rest.substring(slash + 1, end), 32, at + slash + 1);
            end = slash;
        }
        return new Tail(rest.substring(0, end), new Cidr(ip4, ip6));
    }

    /** The slash before the digits that end here; -1 when it is not so. */
    private static int slashBeforeDigits(String text, int end) {
        int i = end;
        while (i > 0 && Ascii.isDigit(text.charAt(i - 1))) {
            i--;
        }
        return i < end && i > 0 && text.charAt(i - 1) == '/' ? i - 1 : -1;
    }

    // ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT)
    private static int prefixLength(String digits, int max, int at) {
        boolean plain =
                !digits.isEmpty()
                        && digits.length() <= 3
                        && digits.chars().allMatch(Ascii::isDigit)
                        && (digits.length() == 1 || digits.charAt(0) != '0');
        if (!plain || Integer.parseInt(digits) > max) {
            throw fault("a prefix length that is no number from 0 to " + max, at);
        }
        return Integer.parseInt(digits);
    }

    // ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]
    private static Network ip4(String rest, int at) {
        String[] parts = network(rest, at);
        byte[] octets = new byte[4];
        String[] numbers = parts[0].split("\\.", -1);
        boolean right = numbers.length == 4;
        for (int i = 0; right && i < 4; i++) {
            right = isQnum(numbers[i]);
            octets[i] = right ? (byte) Integer.parseInt(numbers[i]) : 0;
        }
        if (!right) {
            throw fault("no IPv4 address", at + 1);
        }
        return new Network(octets, bits(parts, 32, at));
    }

    private static boolean isQnum(String text) {
        return !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(Ascii::isDigit)
                && (text.length() == 1 || text.charAt(0) != '0')
                && Integer.parseInt(text) <= 255;
    }

    // ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]
    private static Network ip6(String rest, int at) {
        String[] parts = network(rest, at);
        byte[] octets;
        try {
            octets = AddressLiteral.parse("[IPv6:" + parts[0] + "]").address().getAddress();
        } catch (SyntaxException e) {
            throw fault("no IPv6 address", at + 1);
        }
        if (octets.length == 4) {
            // IPv4-mapped: no client matches it exactly, but one may lie in the network around.
            byte[] mapped = new byte[16];
            Arrays.fill(mapped, 10, 12, (byte) 0xff);
            System.arraycopy(octets, 0, mapped, 12, 4);
            octets = mapped;
        }
        return new Network(octets, bits(parts, 128, at));
    }

    /** The address, and the prefix length if there is a slash. */
    private static String[] network(String rest, int at) {
        if (rest.isEmpty() || rest.charAt(0) != ':') {
            throw fault("a mechanism without the \":\" and address that it needs", at);
        }
        return rest.substring(1).split("/", 2);
    }

    private static int bits(String[] parts, int max, int at) {
        return parts.length < 2 ? max : prefixLength(parts[1], max, at + parts[0].length() + 2);
    }

    private static SyntaxException fault(String message, int at) {
        return new SyntaxException(message, at);
    }
}
