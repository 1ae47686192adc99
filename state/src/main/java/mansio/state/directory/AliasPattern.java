package mansio.state.directory;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.codec.text.Unicode;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;

/**
 * The local part of an alias that stands for many addresses: {@code info-*}, where each star is any
 * run of characters, or {@code /regular expression/}. It must fit the whole local part; case is
 * ignored. In a target, {@code $1} to {@code $9} is what a group or a star stood for.
 *
 * <p>Regular expressions are matched in time linear in the address. Immutable.
 */
final class AliasPattern {
    /** Characters of one pattern. */
    static final int MAX_LENGTH = 200;

    /** How often a counted repetition, or several in one another, may repeat. */
    private static final int MAX_REPEATS = 1_000;

    private static final java.util.regex.Pattern COUNTS =
            java.util.regex.Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?\\}");

    /** The more a pattern fixes, the earlier it is asked; regular expressions come last. */
    static final Comparator<AliasPattern> ORDER =
            Comparator.comparingInt((AliasPattern it) -> it.fixed)
                    .reversed()
                    .thenComparing(it -> it.text);

    private final String text;
    private final Pattern compiled;
    private final int fixed;

    private AliasPattern(String text, Pattern compiled, int fixed) {
        this.text = text;
        this.compiled = compiled;
        this.fixed = fixed;
    }

    /** True for a star or a regular expression: such an address is no alias of its own. */
    static boolean isPattern(LocalPart localPart) {
        return isExpression(localPart) || localPart.text().indexOf('*') >= 0;
    }

    static boolean isExpression(LocalPart localPart) {
        String text = localPart.text();
        return text.length() > 2 && text.startsWith("/") && text.endsWith("/");
    }

    /**
     * Reads a pattern.
     *
     * @throws SyntaxException with a sentence for people, when it cannot be one
     */
    static AliasPattern of(LocalPart localPart) {
        String text = localPart.text();
        if (text.length() > MAX_LENGTH) {
            throw new SyntaxException(
                    "a pattern has at most " + MAX_LENGTH + " characters", MAX_LENGTH);
        }
        boolean expression = isExpression(localPart);
        String source = expression ? text.substring(1, text.length() - 1) : ofStars(text);
        if (expression && repeats(source) > MAX_REPEATS) {
            throw new SyntaxException(
                    "the expression repeats more than " + MAX_REPEATS + " times", 0);
        }
        try {
            Pattern compiled = Pattern.compile(Unicode.nfc(source), Pattern.CASE_INSENSITIVE);
            int stars = (int) text.chars().filter(c -> c == '*').count();
            return new AliasPattern(text, compiled, expression ? -1 : text.length() - stars);
        } catch (PatternSyntaxException e) {
            throw new SyntaxException(
                    "not a regular expression that this server takes: " + e.getDescription(), 0);
        }
    }

    private static String ofStars(String text) {
        StringBuilder out = new StringBuilder();
        for (String piece : text.split("((?<=\\*)|(?=\\*))")) {
            out.append(piece.equals("*") ? "(.*)" : Pattern.quote(piece));
        }
        return out.toString();
    }

    private static long repeats(String source) {
        long product = 1;
        for (var match : COUNTS.matcher(source).results().toList()) {
            String most =
                    match.group(2) == null || match.group(2).isEmpty()
                            ? match.group(1)
                            : match.group(2);
            product = Math.min(product * Math.max(1, Integer.parseInt(most)), Integer.MAX_VALUE);
        }
        return product;
    }

    /** A local part that fits, ready to be put into targets. */
    Optional<Match> match(LocalPart localPart) {
        Matcher matcher = compiled.matcher(Unicode.nfc(localPart.text()));
        return matcher.matches() ? Optional.of(new Match(matcher)) : Optional.empty();
    }

    /** One local part that fits a pattern. */
    static final class Match {
        private final Matcher matcher;

        private Match(Matcher matcher) {
            this.matcher = matcher;
        }

        /** The target with its places filled in; empty when that gives no address. */
        Optional<Address> fill(Address target) {
            String text = target.localPart().text();
            if (!hasPlaces(target)) {
                return Optional.of(target);
            }
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                if (isPlace(text, i)) {
                    int group = text.charAt(++i) - '0';
                    String found = group <= matcher.groupCount() ? matcher.group(group) : null;
                    out.append(found == null ? "" : found);
                } else {
                    out.append(text.charAt(i));
                }
            }
            int octets = out.toString().getBytes(StandardCharsets.UTF_8).length;
            return octets == 0 || octets > Router.MAX_LOCAL_PART_OCTETS
                    ? Optional.empty()
                    : Optional.of(new Address(new LocalPart(out.toString()), target.host()));
        }
    }

    /** True when the target says where what was found is put. */
    static boolean hasPlaces(Address target) {
        String text = target.localPart().text();
        for (int i = 0; i < text.length(); i++) {
            if (isPlace(text, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlace(String text, int at) {
        return text.charAt(at) == '$'
                && at + 1 < text.length()
                && Ascii.isDigit(text.charAt(at + 1))
                && text.charAt(at + 1) != '0';
    }

    /** The name of an alias as people write it. */
    static String show(Address address) {
        return isExpression(address.localPart())
                ? address.localPart().text() + "@" + address.host().text()
                : address.toDisplay();
    }

    /**
     * Reads what {@link #show} shows.
     *
     * @throws SyntaxException when it is neither an address nor an expression with a domain
     */
    static Address parse(String text) {
        int end = text.lastIndexOf("/@");
        if (!text.startsWith("/") || end < 2) {
            return Address.parse(text);
        }
        return new Address(
                new LocalPart(text.substring(0, end + 1)), Domain.parse(text.substring(end + 2)));
    }
}
