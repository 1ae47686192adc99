/** Tests of the room. */
@NullMarked
package mansio.serve.outbound;

import org.jspecify.annotations.NullMarked;
