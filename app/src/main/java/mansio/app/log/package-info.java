/** How the log looks: one logfmt line an event, on standard error. */
@NullMarked
package mansio.app.log;

import org.jspecify.annotations.NullMarked;
