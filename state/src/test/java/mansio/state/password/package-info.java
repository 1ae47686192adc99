/** Tests of stored passwords. */
@NullMarked
package mansio.state.password;

import org.jspecify.annotations.NullMarked;
