/** Tests of time and threads. */
@NullMarked
package mansio.net.time;

import org.jspecify.annotations.NullMarked;
