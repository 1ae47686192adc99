package mansio.codec.message;

import mansio.codec.text.Address;
import mansio.codec.text.Cursor;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A mailbox of an address list, RFC 5322 section 3.4, as it was found, valid or not.
 *
 * @param name the display name as written, unquoted, encoded words not decoded; the last comment
 *     when there is no display name; may be empty
 * @param route the obsolete route of RFC 5322 section 4.4 ({@code @a,@b}); mostly empty
 * @param localPart without quotes
 * @param domain as written without comments and spaces; empty when there is no "@"
 * @param oddities what was not plain about it
 */
public record NamedAddress(
        String name, String route, String localPart, String domain, Set<Oddity> oddities)
        implements AddressEntry {

    /** What is not plain about a mailbox. Those make it doubtful which address is meant. */
    public enum Oddity {
        /** A quoted string, comment or "<" that does not end. */
        UNFINISHED,
        /** Text after ">" that is no comment. */
        TEXT_AFTER_ADDRESS,
        /** A route before the address. */
        ROUTE,
        /** A comment between the pieces of the address. */
        COMMENT_IN_ADDRESS,
        /** More than one "@" outside quotes. */
        MANY_AT_SIGNS,
        /** Words before or after what looks like a bare address. */
        LOOSE_WORDS,
        /** A control character. */
        CONTROL_CHARACTER
    }

    public NamedAddress {
        if (oddities.isEmpty()) {
            oddities = Set.of();
        } else {
            oddities = Collections.unmodifiableSet(EnumSet.copyOf(oddities));
        }
    }

    /** The address when it is a valid one; domains in Unicode are taken (RFC 6532). */
    public Optional<Address> address() {
        if (domain.isEmpty() || localPart.isEmpty() || oddities.contains(Oddity.MANY_AT_SIGNS)) {
            return Optional.empty();
        }
        try {
            Cursor in = new Cursor(domain);
            Address address = new Address(new LocalPart(localPart), Address.readHost(in));
            return in.atEnd() ? Optional.of(address) : Optional.empty();
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** The address as written, for people and logs when it is not valid. */
    public String text() {
        return domain.isEmpty() ? localPart : localPart + "@" + domain;
    }
}
