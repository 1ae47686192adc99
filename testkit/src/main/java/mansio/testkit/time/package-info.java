/** Time that a test moves by hand. */
@NullMarked
package mansio.testkit.time;

import org.jspecify.annotations.NullMarked;
