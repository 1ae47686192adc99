/** Makes every object of the program, by plain constructors, and ends them in reverse order. */
@NullMarked
package mansio.app.wiring;

import org.jspecify.annotations.NullMarked;
