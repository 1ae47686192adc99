/** Tests of signed reverse-paths. */
@NullMarked
package mansio.trust.srs;

import org.jspecify.annotations.NullMarked;
