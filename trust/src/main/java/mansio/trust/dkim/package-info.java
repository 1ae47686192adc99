/**
 * Signatures of domains on messages (RFC 6376 with RFC 8301, RFC 8463 and RFC 8616): made, and
 * verified. A {@link mansio.trust.dkim.ContentPass} reads a message once for everybody who signs or
 * verifies. The room of ARC builds on this one.
 */
@NullMarked
package mansio.trust.dkim;

import org.jspecify.annotations.NullMarked;
