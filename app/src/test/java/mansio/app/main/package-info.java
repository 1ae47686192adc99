/** Tests of the command line, in this process. */
@NullMarked
package mansio.app.main;

import org.jspecify.annotations.NullMarked;
