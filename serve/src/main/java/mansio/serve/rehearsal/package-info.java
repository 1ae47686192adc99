/**
 * A real message goes the whole way out of this server and into a strict receiver within it: what
 * arrives there is checked as the world would check it, and scored. Nothing leaves the machine, and
 * nothing is kept.
 */
@NullMarked
package mansio.serve.rehearsal;

import org.jspecify.annotations.NullMarked;
