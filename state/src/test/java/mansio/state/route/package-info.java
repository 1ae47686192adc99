/** Tests of the room. */
@NullMarked
package mansio.state.route;

import org.jspecify.annotations.NullMarked;
