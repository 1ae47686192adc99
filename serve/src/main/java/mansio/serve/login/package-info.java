/**
 * How a client becomes somebody: the mechanisms that are offered, one exchange from its first
 * challenge to an account (RFC 4422), and the connections that end with their credentials. Speaks
 * no protocol: server rooms do.
 */
@NullMarked
package mansio.serve.login;

import org.jspecify.annotations.NullMarked;
