/**
 * Mail on its way: accepted, durable, waiting for its recipients' mailboxes or for other servers.
 */
@NullMarked
package mansio.state.queue;

import org.jspecify.annotations.NullMarked;
