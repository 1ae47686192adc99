/** The program's entry and its wiring: every object is made here, by plain constructors. */
@NullMarked
package mansio.app.main;

import org.jspecify.annotations.NullMarked;
