/** Tests of the queue. */
@NullMarked
package mansio.state.queue;

import org.jspecify.annotations.NullMarked;
