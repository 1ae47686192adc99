/** Takes over the tables of a Postfix: aliases, virtual, transport and the like. */
@NullMarked
package mansio.state.postfix;

import org.jspecify.annotations.NullMarked;
