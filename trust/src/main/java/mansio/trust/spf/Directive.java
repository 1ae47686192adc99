package mansio.trust.spf;

/**
 * A mechanism, and what it means when it matches (RFC 7208 section 4.6.1).
 *
 * @param text as written, printable ASCII
 * @param offset of the text in the record, in chars
 */
public record Directive(Qualifier qualifier, Mechanism mechanism, String text, int offset) {}
