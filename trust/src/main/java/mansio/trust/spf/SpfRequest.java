package mansio.trust.spf;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Who sends, and what they say they are: the arguments of check_host() (RFC 7208 section 4.1).
 *
 * @param client where the connection comes from; an IPv4-mapped IPv6 address becomes the IPv4
 *     address
 * @param helo what was said in HELO or EHLO, whatever it is
 * @param identity what is checked
 * @param localPart of the sender, decoded; {@code postmaster} when there was none
 * @param domain of the sender, as given; it need not be one
 */
public record SpfRequest(
        InetAddress client, String helo, Identity identity, String localPart, String domain) {
    private static final String POSTMASTER = "postmaster";

    /** Longest HELO that is looked at; the rest is cut off. */
    private static final int MAX_HELO = 255;

    /** What is checked (RFC 7208 section 2). */
    public enum Identity {
        HELO,
        MAILFROM;

        /** As in header fields: {@code mailfrom}. */
        public String keyword() {
            return Ascii.lower(name());
        }
    }

    public SpfRequest {
        client = ClientAddress.plain(client);
        helo = helo.length() > MAX_HELO ? helo.substring(0, MAX_HELO) : helo;
        localPart = localPart.isEmpty() ? POSTMASTER : localPart;
    }

    /** Checks the name that the client gave itself (RFC 7208 section 2.3). */
    public static SpfRequest helo(InetAddress client, String helo) {
        return new SpfRequest(client, helo, Identity.HELO, POSTMASTER, helo);
    }

    /**
     * Checks the reverse-path (RFC 7208 section 2.4).
     *
     * @param reversePath empty for the null reverse-path, for which postmaster of the HELO name
     *     stands
     */
    public static SpfRequest mailFrom(
            InetAddress client, String helo, Optional<Address> reversePath) {
        String localPart = reversePath.map(it -> it.localPart().text()).orElse(POSTMASTER);
        String domain = reversePath.map(it -> it.host().text()).orElse(helo);
        return new SpfRequest(client, helo, Identity.MAILFROM, localPart, domain);
    }

    /** The domain to ask about; empty when it is none, or has one label (RFC 7208 section 4.3). */
    public Optional<Domain> checkedDomain() {
        return Domain.tryParseDns(domain)
                .filter(it -> it.parent().isPresent())
                .filter(it -> !endsInNumber(it.text()));
    }

    /** {@code 192.0.2.1} has the letters of a domain, but there are no such top-level domains. */
    private static boolean endsInNumber(String text) {
        return text.substring(text.lastIndexOf('.') + 1).chars().allMatch(Ascii::isDigit);
    }

    /** The client's address for people. */
    public String clientText() {
        return ClientAddress.text(client);
    }

    String sender() {
        return localPart + "@" + senderDomain();
    }

    /** The sender as on the wire, its local part quoted when needed. */
    String mailbox() {
        try {
            return new LocalPart(localPart).toWire() + "@" + senderDomain();
        } catch (SyntaxException e) {
            return sender();
        }
    }

    String senderDomain() {
        return checkedDomain().map(Domain::text).orElse(domain);
    }
}
