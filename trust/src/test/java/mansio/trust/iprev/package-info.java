/** Tests of reverse names. */
@NullMarked
package mansio.trust.iprev;

import org.jspecify.annotations.NullMarked;
