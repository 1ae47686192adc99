package mansio.trust.dmarc;

import mansio.codec.text.Domain;

/**
 * What became of one DKIM signature.
 *
 * @param domain its d= tag
 * @param selector its s= tag
 */
public record DkimFact(Domain domain, String selector, Outcome outcome) {}
