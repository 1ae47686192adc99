/** Tests of the way in, with the real rooms below. */
@NullMarked
package mansio.serve.inbound;

import org.jspecify.annotations.NullMarked;
