/** Certificates, keys and what a TLS handshake may agree on; no sockets. */
@NullMarked
package mansio.net.tls;

import org.jspecify.annotations.NullMarked;
