package mansio.trust.dmarc;

import mansio.codec.text.SyntaxException;

import java.util.List;
import java.util.Optional;

/**
 * A DMARC record: the tags of RFC 9989 section 4.7 and those that only RFC 7489 section 6.3 has.
 * Values that are wrong count as if they were not there, and stand in {@link #faults}.
 *
 * @param policy the p tag; {@code NONE} where p, sp or np are missing or wrong and there is
 *     somebody to report to; empty where they are wrong and there is nobody: then the record says
 *     nothing
 * @param subdomains the sp tag
 * @param nonExistent the np tag
 * @param testing the t tag: the policy is to be applied one step weaker
 * @param percent the pct tag, 0 to 100: how many messages get the policy, the others a step less
 * @param faults what is wrong with it, for people
 */
public record DmarcRecord(
        Optional<Policy> policy,
        Optional<Policy> subdomains,
        Optional<Policy> nonExistent,
        Alignment dkim,
        Alignment spf,
        Psd psd,
        boolean testing,
        int percent,
        Reporting reporting,
        List<String> faults) {
    public DmarcRecord {
        faults = List.copyOf(faults);
    }

    /** Whether strangers live below the domain (the psd tag). */
    public enum Psd {
        /** It is a public suffix. */
        YES,
        /** It is the domain of an organization. */
        NO,
        /** The record does not say. */
        UNKNOWN
    }

    /**
     * What the owner wants to hear.
     *
     * @param aggregate where aggregate reports go (rua), at most 20
     * @param failure where reports of single failures go (ruf), at most 20
     * @param options when a failure is reported (fo): of {@code 0 1 d s}, in this order
     * @param intervalSeconds between aggregate reports (ri); only RFC 7489 has it
     */
    public record Reporting(
            List<ReportUri> aggregate,
            List<ReportUri> failure,
            String options,
            long intervalSeconds) {
        public Reporting {
            aggregate = List.copyOf(aggregate);
            failure = List.copyOf(failure);
        }
    }

    /**
     * Reads the text of a TXT record.
     *
     * @throws SyntaxException when it is no DMARC record: it does not begin with {@code v=DMARC1}.
     *     Nothing else is an error
     */
    public static DmarcRecord parse(String text) {
        return new RecordParser(text).record();
    }

    /** As {@link #parse}, for callers to whom any other text is a normal answer. */
    public static Optional<DmarcRecord> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** What is to be done with mail from the domain itself. */
    public Policy forDomain() {
        return policy.orElse(Policy.NONE);
    }

    /** What is to be done with mail from a name below it. */
    public Policy forSubdomain() {
        return subdomains.orElseGet(this::forDomain);
    }

    /** What is to be done with mail from a name below it that does not exist. */
    public Policy forNonExistent() {
        return nonExistent.orElseGet(this::forSubdomain);
    }
}
