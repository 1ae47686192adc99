/** Small clients that tests talk to servers with. */
@NullMarked
package mansio.testkit.client;

import org.jspecify.annotations.NullMarked;
