/** Tests of signatures. */
@NullMarked
package mansio.trust.dkim;

import org.jspecify.annotations.NullMarked;
