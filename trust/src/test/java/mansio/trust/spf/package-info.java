/** Tests of SPF. */
@NullMarked
package mansio.trust.spf;

import org.jspecify.annotations.NullMarked;
