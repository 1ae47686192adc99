/**
 * Takes messages in for every server room: evidence, judgement, the queue, and the courier to the
 * mailboxes.
 */
@NullMarked
package mansio.serve.inbound;

import org.jspecify.annotations.NullMarked;
