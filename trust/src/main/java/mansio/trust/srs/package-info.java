/** Reverse-paths that come back to us: SRS for forwarded mail, BATV for our own. Values only. */
@NullMarked
package mansio.trust.srs;

import org.jspecify.annotations.NullMarked;
