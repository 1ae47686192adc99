/** Tests of the log's form. */
@NullMarked
package mansio.app.log;

import org.jspecify.annotations.NullMarked;
