/**
 * Internet messages and MIME: RFC 5322, 2045 to 2049, 2231, 6532; bytes in, immutable facts out.
 */
@NullMarked
package mansio.codec.message;

import org.jspecify.annotations.NullMarked;
