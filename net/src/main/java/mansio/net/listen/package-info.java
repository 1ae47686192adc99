/**
 * Listeners and accepted connections: sockets, TLS on them, deadlines and buffers; no mail
 * decisions.
 */
@NullMarked
package mansio.net.listen;

import org.jspecify.annotations.NullMarked;
