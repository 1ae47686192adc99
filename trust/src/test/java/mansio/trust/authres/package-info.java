/** Tests of Authentication-Results. */
@NullMarked
package mansio.trust.authres;

import org.jspecify.annotations.NullMarked;
