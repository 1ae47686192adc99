/**
 * The story of each message: every step with its time and its reason, found by queue id, Message-ID
 * or address.
 */
@NullMarked
package mansio.state.story;

import org.jspecify.annotations.NullMarked;
