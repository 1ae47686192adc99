/** Tests of publishing. */
@NullMarked
package mansio.serve.dnspublish;

import org.jspecify.annotations.NullMarked;
