/** Tests of DMARC. */
@NullMarked
package mansio.trust.dmarc;

import org.jspecify.annotations.NullMarked;
