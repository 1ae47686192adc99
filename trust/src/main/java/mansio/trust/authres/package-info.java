/**
 * Authentication-Results (RFC 8601): fields of any kind read, ours written, forged ones found.
 * Values only.
 */
@NullMarked
package mansio.trust.authres;

import org.jspecify.annotations.NullMarked;
