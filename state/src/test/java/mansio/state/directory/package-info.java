/** Tests of the directory. */
@NullMarked
package mansio.state.directory;

import org.jspecify.annotations.NullMarked;
