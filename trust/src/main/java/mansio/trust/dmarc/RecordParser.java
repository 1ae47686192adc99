package mansio.trust.dmarc;

import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;
import mansio.trust.dmarc.DmarcRecord.Psd;
import mansio.trust.dmarc.DmarcRecord.Reporting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Grammar of RFC 9989 section 4.8 and RFC 7489 section 6.4: tags and values, with semicolons
 * between them.
 */
final class RecordParser {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_TAGS = 100;
    private static final int MAX_FAULTS = 20;
    private static final int MAX_URIS = 20;
    private static final long DAY_SECONDS = 86_400;
    private static final long MAX_INTERVAL = (1L << 32) - 1;

    private final Map<String, String> tags = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    /**
     * @throws SyntaxException when it does not begin with the version
     */
    RecordParser(String text) {
        String whole = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
        if (text.length() > MAX_LENGTH) {
            fault("the record is too long");
        }
        String[] parts = whole.split(";", MAX_TAGS + 1);
        // dmarc-version = "v" equals %s"DMARC1"; the value in this case only.
        String version = parts[0];
        int equals = version.indexOf('=');
        if (equals < 0
                || !version.substring(0, equals).strip().equalsIgnoreCase("v")
                || !version.substring(equals + 1).strip().equals("DMARC1")) {
            throw new SyntaxException("expected v=DMARC1", 0);
        }
        for (int i = 1; i < Math.min(parts.length, MAX_TAGS); i++) {
            tag(parts[i].strip());
        }
        if (parts.length > MAX_TAGS) {
            fault("the record has too many tags");
        }
    }

    // dmarc-tag = 1*ALPHA equals 1*dmarc-value
    private void tag(String text) {
        int equals = text.indexOf('=');
        if (equals > 0) {
            String name = Ascii.lower(text.substring(0, equals).strip());
            if (tags.putIfAbsent(name, text.substring(equals + 1).strip()) != null) {
                fault("a tag stands twice; the first counts");
            }
        } else if (!text.isEmpty()) {
            fault("a part of the record is no tag");
        }
    }

    DmarcRecord record() {
        List<ReportUri> aggregate = uris("rua");
        Optional<Policy> policy = policy("p");
        Optional<Policy> subdomains = policy("sp");
        Optional<Policy> nonExistent = policy("np");
        boolean wrong =
                policy.isEmpty()
                        || (subdomains.isEmpty() && tags.containsKey("sp"))
                        || (nonExistent.isEmpty() && tags.containsKey("np"));
        if (wrong) {
            // RFC 9989 section 4.10.1: somebody listens, so nothing is to be done; or no DMARC.
            policy = aggregate.isEmpty() ? Optional.empty() : Optional.of(Policy.NONE);
            subdomains = Optional.empty();
            nonExistent = Optional.empty();
        }
        if (!tags.containsKey("p")) {
            fault("there is no p tag");
        }
        long percent = number("pct", 100, 100);
        Reporting reporting =
                new Reporting(
                        aggregate, uris("ruf"), options(), number("ri", MAX_INTERVAL, DAY_SECONDS));
        return new DmarcRecord(
                policy,
                subdomains,
                nonExistent,
                alignment("adkim"),
                alignment("aspf"),
                psd(),
                one("t", "yn") == 'y',
                (int) percent,
                reporting,
                faults);
    }

    private Optional<Policy> policy(String tag) {
        String value = tags.get(tag);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Policy> policy = Policy.of(value);
        if (policy.isEmpty()) {
            fault("tag " + tag + " is neither none, quarantine nor reject");
        }
        return policy;
    }

    private Alignment alignment(String tag) {
        return one(tag, "rs") == 's' ? Alignment.STRICT : Alignment.RELAXED;
    }

    private Psd psd() {
        return switch (one("psd", "ynu")) {
            case 'y' -> Psd.YES;
            case 'n' -> Psd.NO;
            default -> Psd.UNKNOWN;
        };
    }

    /** A value of one letter; a space when there is none, or another. */
    private char one(String tag, String letters) {
        String value = Ascii.lower(tags.getOrDefault(tag, ""));
        if (value.length() == 1 && letters.contains(value)) {
            return value.charAt(0);
        }
        if (tags.containsKey(tag)) {
            fault("tag " + tag + " is none of " + letters);
        }
        return ' ';
    }

    private long number(String tag, long max, long otherwise) {
        String value = tags.get(tag);
        if (value == null) {
            return otherwise;
        }
        boolean digits = !value.isEmpty() && value.chars().allMatch(Ascii::isDigit);
        if (!digits || value.length() > 10 || Long.parseLong(value) > max) {
            fault("tag " + tag + " is no number from 0 to " + max);
            return otherwise;
        }
        return Long.parseLong(value);
    }

    // dmarc-fo = ( "0" / "1" / "d" / "s" ) *(*WSP ":" *WSP ( "0" / "1" / "d" / "s" ))
    private String options() {
        String value = Ascii.lower(tags.getOrDefault("fo", "0"));
        StringBuilder found = new StringBuilder();
        List<String> given = new ArrayList<>();
        for (String option : value.split(":", 10)) {
            given.add(option.strip());
        }
        for (String option : List.of("0", "1", "d", "s")) {
            if (given.remove(option)) {
                found.append(option);
            }
        }
        if (!given.isEmpty()) {
            fault("tag fo has what is none of 0, 1, d, s");
        }
        return found.isEmpty() ? "0" : found.toString();
    }

    // dmarc-urilist = dmarc-uri *(*WSP "," *WSP dmarc-uri)
    private List<ReportUri> uris(String tag) {
        List<ReportUri> found = new ArrayList<>();
        String value = tags.get(tag);
        if (value == null) {
            return found;
        }
        for (String text : value.split(",", MAX_TAGS)) {
            Optional<ReportUri> uri = ReportUri.parse(text.strip());
            if (uri.isEmpty() || found.size() == MAX_URIS) {
                fault("tag " + tag + " has what is no URI, or too many");
            } else {
                found.add(uri.get());
            }
        }
        return found;
    }

    private void fault(String text) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(text);
        }
    }
}
