/**
 * May this address send for that domain? SPF (RFC 7208): values and a resolver in, a result out.
 */
@NullMarked
package mansio.trust.spf;

import org.jspecify.annotations.NullMarked;
