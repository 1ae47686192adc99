package mansio.trust.dmarcreport;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A report in the making: elements come in, each with its parent, and are kept where they belong.
 * An element counts by its name and that of its parent, wherever that stands.
 */
final class AggregateBuilder {
    private static final long MAX_COUNT = 1_000_000_000_000L;
    private static final int MAX_LIST = 100;

    /** Seconds in the year 5138; some reporters write milliseconds, which are more. */
    private static final long MAX_SECONDS = 100_000_000_000L;

    private final ReportLimits limits;
    private final Map<String, String> head = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private int records;

    // The record that is open.
    private final Map<String, String> fields = new HashMap<>();
    private final List<AggregateReport.Reason> reasons = new ArrayList<>();
    private final List<Dkim> dkim = new ArrayList<>();
    private final List<Spf> spf = new ArrayList<>();

    /** The fields of the dkim, spf or reason element that is open. */
    private final Map<String, String> inner = new HashMap<>();

    AggregateBuilder(ReportLimits limits) {
        this.limits = limits;
    }

    void open(String name) {
        switch (name) {
            case "record" -> {
                fields.clear();
                reasons.clear();
                dkim.clear();
                spf.clear();
            }
            case "dkim", "spf", "reason" -> inner.clear();
            default -> {}
        }
    }

    void close(String parent, String name, String text) {
        switch (parent) {
            case "report_metadata", "date_range", "policy_published" -> ofHead(parent, name, text);
            case "row", "identifiers", "identities" -> fields.putIfAbsent(name, text);
            case "policy_evaluated" -> evaluated(name, text);
            case "dkim", "spf", "reason" -> inner.putIfAbsent(name, text);
            case "auth_results" -> result(name);
            default -> {
                if (name.equals("record")) {
                    endRecord();
                }
            }
        }
    }

    private void ofHead(String parent, String name, String text) {
        if (name.equals("error") && errors.size() < MAX_LIST) {
            errors.add(text);
        }
        String key = parent.equals("policy_published") ? "published " + name : name;
        head.putIfAbsent(key, text);
    }

    private void evaluated(String name, String text) {
        if (name.equals("reason")) {
            if (reasons.size() < MAX_LIST) {
                ReasonType type = ReasonType.of(inner.getOrDefault("type", ""));
                String comment = inner.getOrDefault("comment", "");
                reasons.add(new AggregateReport.Reason(type, comment));
            }
        } else {
            fields.putIfAbsent("evaluated " + name, text);
        }
    }

    private void result(String name) {
        String domain = Ascii.lower(inner.getOrDefault("domain", ""));
        AuthResult result = AuthResult.of(inner.getOrDefault("result", ""));
        if (name.equals("dkim") && dkim.size() < MAX_LIST) {
            String selector = inner.getOrDefault("selector", "");
            String human = inner.getOrDefault("human_result", "");
            dkim.add(new Dkim(domain, selector, result, human));
        }
        if (name.equals("spf") && spf.size() < MAX_LIST) {
            boolean helo = Ascii.equalsIgnoreCase(inner.getOrDefault("scope", ""), "helo");
            spf.add(new Spf(domain, helo ? Scope.HELO : Scope.MFROM, result));
        }
    }

    private void endRecord() {
        if (++records > limits.records()) {
            throw new SyntaxException("the report has too many records", 0);
        }
        Optional<InetAddress> source = address(fields.getOrDefault("source_ip", ""));
        if (source.isEmpty()) {
            return;
        }
        Identifiers identifiers =
                new Identifiers(
                        Ascii.lower(fields.getOrDefault("envelope_to", "")),
                        Ascii.lower(fields.getOrDefault("envelope_from", "")),
                        Ascii.lower(fields.getOrDefault("header_from", "")));
        rows.add(
                new Row(
                        source.get(),
                        number(fields.get("count"), MAX_COUNT, 1),
                        policy(fields.getOrDefault("evaluated disposition", "")),
                        Ascii.equalsIgnoreCase(fields.getOrDefault("evaluated dkim", ""), "pass"),
                        Ascii.equalsIgnoreCase(fields.getOrDefault("evaluated spf", ""), "pass"),
                        reasons,
                        identifiers,
                        dkim,
                        spf));
    }

    /**
     * @throws SyntaxException when it does not say of which domain it is
     */
    AggregateReport build() {
        String domain = Ascii.lower(published("domain"));
        if (domain.isEmpty()) {
            throw new SyntaxException("the report does not say of which domain it is", 0);
        }
        Metadata metadata =
                new Metadata(
                        head.getOrDefault("org_name", ""),
                        head.getOrDefault("email", ""),
                        head.getOrDefault("extra_contact_info", ""),
                        head.getOrDefault("report_id", ""),
                        instant(head.get("begin")),
                        instant(head.get("end")),
                        errors);
        Policy policy = policy(published("p"));
        String subdomains = published("sp");
        String nonExistent = published("np");
        String options = published("fo");
        Published published =
                new Published(
                        domain,
                        alignment(published("adkim")),
                        alignment(published("aspf")),
                        policy,
                        subdomains.isEmpty() ? policy : policy(subdomains),
                        nonExistent.isEmpty() ? Optional.empty() : Optional.of(policy(nonExistent)),
                        (int) number(head.get("published pct"), 100, 100),
                        Ascii.equalsIgnoreCase(published("testing"), "y"),
                        options.isEmpty() ? "0" : options);
        return new AggregateReport(metadata, published, rows);
    }

    private String published(String name) {
        return head.getOrDefault("published " + name, "");
    }

    private static Alignment alignment(String text) {
        return Ascii.equalsIgnoreCase(text, "s") ? Alignment.STRICT : Alignment.RELAXED;
    }

    /** What is none of them is none: {@code pass} of RFC 9990 too. */
    private static Policy policy(String text) {
        return switch (Ascii.lower(text)) {
            case "quarantine" -> Policy.QUARANTINE;
            case "reject" -> Policy.REJECT;
            default -> Policy.NONE;
        };
    }

    private static Instant instant(@Nullable String text) {
        long number = number(text, MAX_SECONDS * 1000, 0);
        return Instant.ofEpochSecond(number > MAX_SECONDS ? number / 1000 : number);
    }

    private static long number(@Nullable String text, long max, long otherwise) {
        boolean digits =
                text != null
                        && !text.isEmpty()
                        && text.length() <= 18
                        && text.chars().allMatch(Ascii::isDigit);
        long number = digits ? Long.parseLong(text) : otherwise;
        return number <= max ? number : otherwise;
    }

    /** An address without brackets; the parser of literals never looks up a name. */
    static Optional<InetAddress> address(String text) {
        try {
            String literal = text.indexOf(':') < 0 ? text : "IPv6:" + text;
            return Optional.of(AddressLiteral.parse("[" + literal + "]").address());
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }
}
