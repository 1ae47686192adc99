package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.trust.dmarc.DmarcResult.Result;
import mansio.trust.dmarc.Organizations.Same;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether anything that passed is aligned with the From domain (RFC 9989 section 4.10.2, RFC 7489
 * section 3.1). For one evaluation.
 */
final class Identifiers {
    /** Signatures that are looked at; no more are verified. */
    private static final int MAX_SIGNATURES = 20;

    /** Identifiers that a reason names. */
    private static final int MAX_WORDS = 5;

    private final Domain author;
    private final DmarcRecord record;
    private final Organizations organizations;
    private final List<String> words = new ArrayList<>();
    private boolean open;

    Identifiers(Domain author, DmarcRecord record, Organizations organizations) {
        this.author = author;
        this.record = record;
        this.organizations = organizations;
    }

    DmarcResult check(Facts facts) {
        Optional<SpfFact> spf =
                facts.spf()
                        .filter(
                                fact -> {
                                    Alignment mode = record.spf();
                                    return counts("SPF", fact.domain(), fact.outcome(), mode);
                                });
        Optional<DkimFact> dkim =
                facts.dkim().stream()
                        .limit(MAX_SIGNATURES)
                        .filter(
                                fact -> {
                                    Alignment mode = record.dkim();
                                    return counts("DKIM", fact.domain(), fact.outcome(), mode);
                                })
                        .findFirst();
        boolean passed = spf.isPresent() || dkim.isPresent();
        Result result = passed ? Result.PASS : open ? Result.TEMPERROR : Result.FAIL;
        return new DmarcResult(
                result,
                Optional.of(author),
                Optional.empty(),
                Policy.NONE,
                Policy.NONE,
                spf,
                dkim,
                reason(result, facts));
    }

    private boolean counts(String method, Domain domain, Outcome outcome, Alignment mode) {
        if (outcome == Outcome.FAIL) {
            return false;
        }
        Same same =
                mode == Alignment.RELAXED
                        ? organizations.same(author, domain)
                        : author.equals(domain) ? Same.YES : Same.NO;
        // It would count, but for trouble of the DNS: then nothing can be told.
        open |= same == Same.UNKNOWN || (same == Same.YES && outcome == Outcome.TEMPERROR);
        boolean counts = same == Same.YES && outcome == Outcome.PASS;
        if (words.size() < MAX_WORDS) {
            String told = outcome == Outcome.PASS ? " passed for " : " cannot be told for ";
            words.add(method + told + domain + explained(same, mode));
        }
        return counts;
    }

    private static String explained(Same same, Alignment mode) {
        return switch (same) {
            case YES -> "";
            case NO -> mode == Alignment.STRICT ? ", another domain" : ", another organization";
            case UNKNOWN -> ", whose organization cannot be told";
        };
    }

    private String reason(Result result, Facts facts) {
        String found = String.join("; ", words);
        if (result == Result.PASS) {
            return found;
        }
        boolean nothing = facts.spf().isEmpty() && facts.dkim().isEmpty();
        String start =
                nothing
                        ? "neither SPF nor DKIM to look at"
                        : result == Result.FAIL
                                ? "nothing that passed is aligned with " + author
                                : "alignment with " + author + " cannot be told now";
        return found.isEmpty() ? start : start + ": " + found;
    }
}
