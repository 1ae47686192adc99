package mansio.net.smtpclient;

import mansio.codec.sasl.Mechanism;
import mansio.codec.smtp.Reply;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a server offers in its reply to EHLO: RFC 5321 section 4.1.1.1.
 *
 * @param parameters by keyword in upper case, as sent, in the server's order
 */
public record Extensions(Map<String, String> parameters) {
    /** Nothing, as after HELO. */
    public static final Extensions NONE = new Extensions(Map.of());

    private static final int MAX_DIGITS = 18;

    static Extensions of(Reply ehlo) {
        Map<String, String> extensions = new LinkedHashMap<>();
        List<String> lines = ehlo.lines();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().split(" ", 2);
            extensions.merge(
                    words[0].toUpperCase(Locale.ROOT),
                    words.length > 1 ? words[1].strip() : "",
                    (one, other) -> one + " " + other);
        }
        return new Extensions(extensions);
    }

    Extensions without(Set<String> keywords) {
        Map<String, String> rest = new LinkedHashMap<>(parameters);
        rest.keySet().removeAll(keywords);
        return new Extensions(rest);
    }

    /** Whether the keyword, in upper case, was offered. */
    public boolean has(String keyword) {
        return parameters.containsKey(keyword);
    }

    /** The largest message in octets; empty when the server names none (RFC 1870 section 4). */
    public OptionalLong maxSize() {
        OptionalLong size = number(parameters.getOrDefault("SIZE", ""));
        return size.isPresent() && size.getAsLong() == 0 ? OptionalLong.empty() : size;
    }

    /** A number of RFC 9422, such as {@code RCPTMAX}; empty when it is not given. */
    public OptionalInt limit(String name) {
        for (String word : parameters.getOrDefault("LIMITS", "").split(" ", -1)) {
            if (word.toUpperCase(Locale.ROOT).startsWith(name + "=")) {
                OptionalLong value = number(word.substring(name.length() + 1));
                return value.isPresent() && value.getAsLong() > 0
                        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, value.getAsLong()))
                        : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /** Mechanisms of AUTH that we know. */
    public Set<Mechanism> mechanisms() {
        Set<Mechanism> known = EnumSet.noneOf(Mechanism.class);
        parameters.forEach(
                (keyword, names) -> {
                    // "AUTH=LOGIN" is a draft's spelling that some servers still add.
                    if (keyword.equals("AUTH") || keyword.startsWith("AUTH=")) {
                        String first = keyword.substring("AUTH".length()).replace("=", "");
                        for (String name : (first + " " + names).split(" ", -1)) {
                            Optional<Mechanism> mechanism = Mechanism.named(name);
                            mechanism.ifPresent(known::add);
                        }
                    }
                });
        return known;
    }

    private static OptionalLong number(String digits) {
        if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(digits));
    }
}
