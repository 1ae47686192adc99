package mansio.trust.dmarcreport;

import mansio.codec.text.Ascii;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An aggregate report: what one receiver saw of one domain's mail (RFC 7489 section 7.2). Texts of
 * one that was read come from outside.
 *
 * @param rows one for all messages that are alike in everything
 */
public record AggregateReport(Metadata metadata, Published published, List<Row> rows) {
    public AggregateReport {
        rows = List.copyOf(rows);
    }

    /** All messages of all rows. */
    public long messages() {
        return rows.stream().mapToLong(Row::count).sum();
    }

    /**
     * Who reports.
     *
     * @param contact more than the address; may be empty
     * @param id unique for the reporter
     * @param begin of the time, with {@code end}, in which the messages came
     * @param errors that the reporter met, for people
     */
    public record Metadata(
            String organization,
            String email,
            String contact,
            String id,
            Instant begin,
            Instant end,
            List<String> errors) {
        public Metadata {
            errors = List.copyOf(errors);
        }
    }

    /**
     * The record that was found.
     *
     * @param domain where it was
     * @param nonExistent the np tag, which only newer reports have
     * @param percent the pct tag, 0 to 100
     * @param testing the t tag, which only newer reports have
     * @param options the fo tag; {@code 0} when not told
     */
    public record Published(
            String domain,
            Alignment dkim,
            Alignment spf,
            Policy policy,
            Policy subdomains,
            Optional<Policy> nonExistent,
            int percent,
            boolean testing,
            String options) {}

    /**
     * Messages that are alike.
     *
     * @param count how many, 0 to 10^12
     * @param disposition what was done with them
     * @param dkimAligned whether DKIM passed for an aligned domain
     * @param spf what SPF said; a report that is sent has at least one
     */
    public record Row(
            InetAddress source,
            long count,
            Policy disposition,
            boolean dkimAligned,
            boolean spfAligned,
            List<Reason> reasons,
            Identifiers identifiers,
            List<Dkim> dkim,
            List<Spf> spf) {
        public Row {
            reasons = List.copyOf(reasons);
            dkim = List.copyOf(dkim);
            spf = List.copyOf(spf);
        }

        /** Whether the messages passed DMARC. */
        public boolean passed() {
            return dkimAligned || spfAligned;
        }
    }

    /**
     * Whose messages.
     *
     * @param envelopeTo the domain of the recipients; may be empty
     * @param envelopeFrom the domain of MAIL FROM; empty for the null reverse-path
     * @param headerFrom the domain of the From field
     */
    public record Identifiers(String envelopeTo, String envelopeFrom, String headerFrom) {}

    /**
     * A DKIM signature.
     *
     * @param selector may be empty
     * @param human more for people; may be empty
     */
    public record Dkim(String domain, String selector, AuthResult result, String human) {}

    /** An SPF check. */
    public record Spf(String domain, Scope scope, AuthResult result) {}

    /** Which identity SPF checked. */
    public enum Scope {
        HELO,
        MFROM
    }

    /** What a method says, as in Authentication-Results. */
    public enum AuthResult {
        NONE,
        PASS,
        FAIL,
        SOFTFAIL,
        NEUTRAL,
        POLICY,
        TEMPERROR,
        PERMERROR;

        /** As in a report. */
        public String text() {
            return Ascii.lower(name());
        }

        /** Reads any, old names too: {@code unknown}, {@code error}, {@code hardfail}. */
        static AuthResult of(String text) {
            return switch (Ascii.lower(text)) {
                case "unknown" -> TEMPERROR;
                case "error" -> PERMERROR;
                case "hardfail" -> FAIL;
                default ->
                        Arrays.stream(values())
                                .filter(it -> Ascii.equalsIgnoreCase(it.name(), text))
                                .findFirst()
                                .orElse(NONE);
            };
        }
    }

    /**
     * Why something else was done than the owner wants.
     *
     * @param comment for people; may be empty
     */
    public record Reason(ReasonType type, String comment) {}

    /** The reasons that there are (RFC 7489 appendix C). */
    public enum ReasonType {
        FORWARDED,
        SAMPLED_OUT,
        TRUSTED_FORWARDER,
        MAILING_LIST,
        LOCAL_POLICY,
        OTHER;

        /** As in a report. */
        public String text() {
            return Ascii.lower(name());
        }

        static ReasonType of(String text) {
            return Arrays.stream(values())
                    .filter(it -> Ascii.equalsIgnoreCase(it.name(), text))
                    .findFirst()
                    .orElse(OTHER);
        }
    }
}
