/** DMARC reports: aggregate ones written and read, of single failures read. Values only. */
@NullMarked
package mansio.trust.dmarcreport;

import org.jspecify.annotations.NullMarked;
