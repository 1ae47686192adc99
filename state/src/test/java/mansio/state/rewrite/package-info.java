/** Tests of rules for addresses. */
@NullMarked
package mansio.state.rewrite;

import org.jspecify.annotations.NullMarked;
