/**
 * Stored forms of passwords: our own, and those of other servers that we take over. Pure computing.
 */
@NullMarked
package mansio.state.password;

import org.jspecify.annotations.NullMarked;
