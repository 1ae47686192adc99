/**
 * Names looked up in the DNS, through a resolver of the site (docs/design/dns.md). The only room
 * that knows the library for the wire format.
 */
@NullMarked
package mansio.net.dns;

import org.jspecify.annotations.NullMarked;
