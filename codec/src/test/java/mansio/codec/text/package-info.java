/** Tests of the shared text room. */
@NullMarked
package mansio.codec.text;

import org.jspecify.annotations.NullMarked;
