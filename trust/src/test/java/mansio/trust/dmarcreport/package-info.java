/** Tests of DMARC reports. */
@NullMarked
package mansio.trust.dmarcreport;

import org.jspecify.annotations.NullMarked;
