/**
 * The chain of those who passed a message on (RFC 8617): validated, and made longer by a set of
 * ours. Reads a message in the same pass as {@link mansio.trust.dkim}.
 */
@NullMarked
package mansio.trust.arc;

import org.jspecify.annotations.NullMarked;
