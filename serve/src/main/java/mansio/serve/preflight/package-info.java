/**
 * Whether large receivers would take a message: rules with points, over what the checks of a
 * receiver found. Pure; who sends and who checks is elsewhere.
 */
@NullMarked
package mansio.serve.preflight;

import org.jspecify.annotations.NullMarked;
