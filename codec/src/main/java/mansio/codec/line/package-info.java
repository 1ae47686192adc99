/** Lines and bytes of text protocols, with limits; no sockets. */
@NullMarked
package mansio.codec.line;

import org.jspecify.annotations.NullMarked;
