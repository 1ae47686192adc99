package mansio.state.dkimkey;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;

import java.util.Optional;

/**
 * Domain and selector: what names a key everywhere ({@code d=} and {@code s=} of a signature).
 *
 * @param selector one or more labels (RFC 6376 section 3.1), in lower case
 */
public record KeyName(Domain domain, String selector) {
    private static final int MAX_SELECTOR = 100;

    public KeyName {
        if (!isSelector(selector)) throw new IllegalArgumentException("selector " + selector);
    }

    /** Empty when this is no selector, or too long for the domain. */
    public static Optional<KeyName> of(Domain domain, String selector) {
        Optional<Domain> labels = Domain.tryParse(selector);
        return labels.map(Domain::text)
                .filter(KeyName::isSelector)
                .filter(it -> DnsName.tryParse(dnsName(domain, it)).isPresent())
                .map(it -> new KeyName(domain, it));
    }

    private static boolean isSelector(String text) {
        return text.length() <= MAX_SELECTOR
                && Domain.tryParse(text).filter(it -> it.text().equals(text)).isPresent();
    }

    private static String dnsName(Domain domain, String selector) {
        return selector + "._domainkey." + domain.text();
    }

    /** Where its record is, without a final dot. */
    public String dnsName() {
        return dnsName(domain, selector);
    }

    @Override
    public String toString() {
        return dnsName();
    }
}
