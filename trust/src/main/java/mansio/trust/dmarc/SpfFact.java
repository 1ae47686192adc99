package mansio.trust.dmarc;

import mansio.codec.text.Domain;

/**
 * What SPF says.
 *
 * @param domain of MAIL FROM; of HELO when that was the null reverse-path (RFC 7208 section 2.4)
 */
public record SpfFact(Domain domain, Outcome outcome) {}
