/** Tests of the Public Suffix List. */
@NullMarked
package mansio.trust.psl;

import org.jspecify.annotations.NullMarked;
