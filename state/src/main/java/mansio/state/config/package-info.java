/**
 * The configuration file: facts of one server, read once at start, every mistake told with its
 * line.
 */
@NullMarked
package mansio.state.config;

import org.jspecify.annotations.NullMarked;
