/**
 * Rules by which addresses of own mail become others: canonical as it comes in, generic as it
 * leaves for other servers.
 */
@NullMarked
package mansio.state.rewrite;

import org.jspecify.annotations.NullMarked;
