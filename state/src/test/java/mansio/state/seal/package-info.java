/** Tests of the room. */
@NullMarked
package mansio.state.seal;

import org.jspecify.annotations.NullMarked;
