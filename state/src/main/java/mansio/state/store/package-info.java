/**
 * Ordered keys in partitions with durable atomic writes, and blobs; the only room that knows the
 * storage engine.
 */
@NullMarked
package mansio.state.store;

import org.jspecify.annotations.NullMarked;
