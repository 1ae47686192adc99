/**
 * Checks mail that comes from other servers: the host, the sender, signatures and seals, what the
 * author's domain asks for. Gathers what the rooms of {@code trust} find; judges nothing.
 */
@NullMarked
package mansio.serve.checks;

import org.jspecify.annotations.NullMarked;
