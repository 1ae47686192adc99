/** Tests of the keys that sign. */
@NullMarked
package mansio.state.dkimkey;

import org.jspecify.annotations.NullMarked;
