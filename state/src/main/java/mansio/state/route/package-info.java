/**
 * Routes: which mail leaves by which way. Kept in the directory partition (tags 33 and 34), held in
 * memory, changed live.
 */
@NullMarked
package mansio.state.route;

import org.jspecify.annotations.NullMarked;
