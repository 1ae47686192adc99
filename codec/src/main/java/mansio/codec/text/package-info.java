/** Text that every protocol shares: cursors, addresses, charsets, transfer encodings, Unicode. */
@NullMarked
package mansio.codec.text;

import org.jspecify.annotations.NullMarked;
