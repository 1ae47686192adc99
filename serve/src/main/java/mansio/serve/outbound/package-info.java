/**
 * Mail to other servers: routes, the hosts that the DNS names, TLS, log-ins. The queue decides when
 * something is tried; this room knows where to and how.
 */
@NullMarked
package mansio.serve.outbound;

import org.jspecify.annotations.NullMarked;
