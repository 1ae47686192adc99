/** The program and its command line. */
@NullMarked
package mansio.app.main;

import org.jspecify.annotations.NullMarked;
