package mansio.serve.dnshelp;

import java.util.List;

/**
 * A record that should be in the DNS.
 *
 * @param name without a final dot
 * @param type such as {@code TXT}
 * @param value as in a zone file, names in it without a final dot; of TXT the text itself: no
 *     quotes, all strings joined
 * @param ttl in seconds
 * @param why a sentence
 */
public record AdvisedRecord(
        String name, String type, String value, int ttl, String why, Weight weight) {
    /** How much depends on it. */
    public enum Weight {
        /** Mail suffers without it. */
        NEEDED,
        /** Somebody is served by it. */
        USEFUL,
        /** Whoever gave the address sets it, not the owner of the domain. */
        PROVIDER,
        /** Not yet: what it promises is not served. */
        LATER
    }

    /** As a line of a zone file (RFC 1035 section 5.1). */
    public String zoneLine() {
        return "%s. %d IN %s %s".formatted(name, ttl, type, zoneData());
    }

    /** The same with another value. */
    public AdvisedRecord with(String other) {
        return new AdvisedRecord(name, type, other, ttl, why, weight);
    }

    private String zoneData() {
        return switch (type) {
            case "TXT" -> quotedStrings(value);
            case "MX", "SRV", "CNAME", "PTR" -> value.endsWith(".") ? value : value + ".";
            default -> value;
        };
    }

    /** Each string has at most 255 octets; our texts are ASCII. */
    static String quotedStrings(String text) {
        StringBuilder out = new StringBuilder();
        for (String string : strings(text)) {
            out.append(out.isEmpty() ? "" : " ")
                    .append('"')
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return out.toString();
    }

    private static List<String> strings(String text) {
        return text.isEmpty() ? List.of("") : mansio.trust.dkim.KeyMaterial.strings(text);
    }
}
