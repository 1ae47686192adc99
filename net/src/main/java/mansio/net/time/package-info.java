/** Time, waiting and threads, injected everywhere. */
@NullMarked
package mansio.net.time;

import org.jspecify.annotations.NullMarked;
