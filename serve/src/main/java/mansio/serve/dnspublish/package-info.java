/**
 * Puts the records that the check calls missing or wrong into the zones of a server that takes
 * dynamic updates, and nothing else: what others put there stays (docs/design/dns.md).
 */
@NullMarked
package mansio.serve.dnspublish;

import org.jspecify.annotations.NullMarked;
