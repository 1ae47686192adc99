/** Lists of addresses and domains in the DNS, of those to be refused and of those to be trusted. */
@NullMarked
package mansio.trust.dnsbl;

import org.jspecify.annotations.NullMarked;
