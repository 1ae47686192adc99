/** Connections that we open: to other mail servers, and to our own in tests. */
@NullMarked
package mansio.net.dial;

import org.jspecify.annotations.NullMarked;
