package mansio.trust.dmarc;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;

import java.util.Optional;

/**
 * What DMARC says of a message.
 *
 * @param author the From domain; empty when there was none to look at
 * @param found the record that counts; empty for {@link Result#NONE}, and where none could be found
 * @param requested what the owner wants done with a message that fails, of this domain
 * @param applied what is to be done with this message: {@code requested} when it failed, perhaps a
 *     step weaker for the tags t and pct; else {@code NONE}
 * @param spf the SPF identifier that passed and is aligned
 * @param dkim the signature that passed and is aligned, the first of them
 * @param reason one line for people
 */
public record DmarcResult(
        Result result,
        Optional<Domain> author,
        Optional<Found> found,
        Policy requested,
        Policy applied,
        Optional<SpfFact> spf,
        Optional<DkimFact> dkim,
        String reason) {
    /**
     * A record and where it was.
     *
     * @param domain below which it stood as {@code _dmarc}
     * @param tag whose value is {@code requested}: p, sp or np
     */
    public record Found(Domain domain, DmarcRecord record, String tag) {}

    /** The results that there are (RFC 7489 section 11.2). */
    public enum Result {
        /** Nobody published a record. */
        NONE,
        /** An identifier passed and is aligned. */
        PASS,
        /** None did. */
        FAIL,
        /** Cannot be told now. */
        TEMPERROR,
        /** There is a record, and it makes no sense; or too many From domains. */
        PERMERROR;

        /** As in Authentication-Results. */
        public String text() {
            return Ascii.lower(name());
        }
    }

    static DmarcResult without(Result result, Optional<Domain> author, String reason) {
        return new DmarcResult(
                result,
                author,
                Optional.empty(),
                Policy.NONE,
                Policy.NONE,
                Optional.empty(),
                Optional.empty(),
                reason);
    }

    /** This, found out by means of a record. */
    DmarcResult by(Found record, Policy wanted) {
        return new DmarcResult(
                result, author, Optional.of(record), wanted, applied, spf, dkim, reason);
    }

    /** This, with what is to be done. */
    DmarcResult applying(Policy policy, String why) {
        String words = why.isEmpty() ? reason : reason + "; " + why;
        return new DmarcResult(result, author, found, requested, policy, spf, dkim, words);
    }
}
