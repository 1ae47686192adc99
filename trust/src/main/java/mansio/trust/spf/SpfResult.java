package mansio.trust.spf;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;

import java.util.List;
import java.util.Optional;

/**
 * What became of a check.
 *
 * @param result as check_host() gives it
 * @param request what was checked
 * @param domain whose record was asked for first; empty when there was no name to ask for
 * @param path the term that decided or was wrong, and before it those that led to its record: one
 *     {@code include} or {@code redirect} a step. Empty when no term matched, or none was reached
 * @param reason one sentence for people, printable ASCII, at most {@value #MAX_REASON} chars
 * @param explanation of a fail, by the domain and not by us: printable ASCII, at most {@value
 *     #MAX_EXPLANATION} chars (RFC 7208 section 6.2)
 * @param lookups terms that needed the DNS
 * @param voidLookups those for which nothing was found
 */
public record SpfResult(
        Result result,
        SpfRequest request,
        Optional<Domain> domain,
        List<Step> path,
        String reason,
        Optional<String> explanation,
        int lookups,
        int voidLookups) {
    /** In chars. */
    public static final int MAX_REASON = 500;

    /** In chars: it fits a reply line, behind the code. */
    public static final int MAX_EXPLANATION = 400;

    private static final int MAX_TERM = 250;

    /** No mechanism begins so. */
    private static final String REDIRECT = "redirect=";

    /**
     * A term of a record.
     *
     * @param record the domain that publishes it
     * @param term as written, of at most 250 chars
     */
    public record Step(DnsName record, String term) {
        public Step {
            term = Expander.printable(term, MAX_TERM);
        }

        /** True when it only led to another record. */
        boolean isRedirect() {
            return term.startsWith(REDIRECT);
        }
    }

    public SpfResult {
        path = List.copyOf(path);
        reason = Expander.printable(reason, MAX_REASON);
    }

    /** The term that decided; empty when none matched. */
    public Optional<Step> match() {
        boolean decided =
                switch (result) {
                    case PASS, FAIL, SOFTFAIL, NEUTRAL -> !path.isEmpty();
                    case NONE, TEMPERROR, PERMERROR -> false;
                };
        return decided && !path.getLast().isRedirect()
                ? Optional.of(path.getLast())
                : Optional.empty();
    }

    @Override
    public String toString() {
        return result.keyword() + " (" + reason + ")";
    }
}
