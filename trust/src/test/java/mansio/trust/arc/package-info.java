/** Tests of the chain. */
@NullMarked
package mansio.trust.arc;

import org.jspecify.annotations.NullMarked;
