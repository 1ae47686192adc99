/** Tests of the room. */
@NullMarked
package mansio.serve.rehearsal;

import org.jspecify.annotations.NullMarked;
