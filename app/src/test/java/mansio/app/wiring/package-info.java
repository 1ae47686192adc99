/** Tests of the room. */
@NullMarked
package mansio.app.wiring;

import org.jspecify.annotations.NullMarked;
