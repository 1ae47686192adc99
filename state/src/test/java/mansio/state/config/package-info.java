/** Tests of the configuration file. */
@NullMarked
package mansio.state.config;

import org.jspecify.annotations.NullMarked;
