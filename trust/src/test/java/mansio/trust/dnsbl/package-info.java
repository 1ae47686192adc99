/** Tests of lists in the DNS. */
@NullMarked
package mansio.trust.dnsbl;

import org.jspecify.annotations.NullMarked;
