/** A DNS for tests: in memory, and on loopback, well behaved or not (docs/design/dns.md). */
@NullMarked
package mansio.testkit.dns;

import org.jspecify.annotations.NullMarked;
