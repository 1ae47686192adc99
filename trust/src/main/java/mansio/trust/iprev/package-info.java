/** Reverse names of hosts, and whether they lead back (RFC 8601 section 3). */
@NullMarked
package mansio.trust.iprev;

import org.jspecify.annotations.NullMarked;
