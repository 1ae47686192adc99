package mansio.trust.iprev;

import mansio.codec.text.Ascii;
import mansio.net.dns.DnsName;

import java.util.List;
import java.util.Optional;

/**
 * What became of a check (RFC 8601 section 2.7.3).
 *
 * @param confirmed the first name that leads back to the address; there exactly when it passed
 * @param names all names looked at, at most {@link Iprev#MAX_NAMES}
 * @param reason one line for people
 */
public record IprevResult(
        Result result, Optional<DnsName> confirmed, List<DnsName> names, String reason) {
    public IprevResult {
        names = List.copyOf(names);
        if (confirmed.isPresent() != (result == Result.PASS)) {
            throw new IllegalArgumentException("a name is confirmed when the check passes");
        }
    }

    /** The results that there are. */
    public enum Result {
        /** A name of the address leads back to it. */
        PASS,
        /** There are names, and none of them leads back. */
        FAIL,
        /** Cannot be told now. */
        TEMPERROR,
        /** The address has no name. */
        PERMERROR;

        /** As in Authentication-Results. */
        public String text() {
            return Ascii.lower(name());
        }
    }
}
