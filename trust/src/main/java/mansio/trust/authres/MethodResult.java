package mansio.trust.authres;

import mansio.codec.text.Ascii;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one method of authentication found, as in {@code spf=pass smtp.mailfrom=example.org} (RFC
 * 8601 section 2.2, resinfo).
 *
 * @param method such as {@code spf}, {@code dkim}, {@code dmarc}, {@code arc}, {@code iprev},
 *     {@code auth}, {@code dnswl} or {@code x-list}; in lower case
 * @param result such as {@code pass}; in lower case
 * @param reason for people; may come from outside
 * @param properties what was looked at, in order
 */
public record MethodResult(
        String method, String result, Optional<String> reason, List<Property> properties) {
    public MethodResult {
        checkKeyword(method);
        checkKeyword(result);
        properties = List.copyOf(properties);
    }

    /**
     * A property of the message (RFC 8601 section 2.3).
     *
     * @param type {@code smtp}, {@code header}, {@code body}, {@code policy} or one of an
     *     extension, in lower case; empty for the {@code action=none} that some servers write
     * @param name such as {@code mailfrom} or {@code d}; in lower case
     * @param value any text, perhaps from outside
     */
    public record Property(String type, String name, String value) {
        public Property {
            if (!type.isEmpty()) {
                checkKeyword(type);
            }
            checkKeyword(name);
        }
    }

    /** A result without reason or properties, for {@link #because} and {@link #with}. */
    public static MethodResult of(String method, String result) {
        return new MethodResult(method, result, Optional.empty(), List.of());
    }

    /** This with one more property: {@code with("smtp", "mailfrom", "example.org")}. */
    public MethodResult with(String type, String name, String value) {
        List<Property> more = new ArrayList<>(properties);
        more.add(new Property(type, name, value));
        return new MethodResult(method, result, reason, more);
    }

    /** This with a reason; without one when the text is empty. */
    public MethodResult because(String text) {
        Optional<String> given = text.isEmpty() ? Optional.empty() : Optional.of(text);
        return new MethodResult(method, result, given, properties);
    }

    /** The value of the first property of this type and name, in any case. */
    public Optional<String> property(String type, String name) {
        return properties.stream()
                .filter(it -> Ascii.equalsIgnoreCase(it.type, type))
                .filter(it -> Ascii.equalsIgnoreCase(it.name, name))
                .map(Property::value)
                .findFirst();
    }

    // RFC 5321 4.1.2: Keyword = Ldh-str. Underscores and dots are met in names of properties.
    static boolean isKeywordChar(char c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-' || c == '_';
    }

    private static void checkKeyword(String word) {
        boolean ok = !word.isEmpty() && word.equals(Ascii.lower(word));
        for (int i = 0; ok && i < word.length(); i++) {
            ok = isKeywordChar(word.charAt(i));
        }
        if (!ok) {
            throw new IllegalArgumentException("not a keyword in lower case");
        }
    }
}
