/** Tests of messages and MIME. */
@NullMarked
package mansio.codec.message;

import org.jspecify.annotations.NullMarked;
