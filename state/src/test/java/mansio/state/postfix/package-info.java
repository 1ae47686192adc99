/** Tests of tables taken over. */
@NullMarked
package mansio.state.postfix;

import org.jspecify.annotations.NullMarked;
