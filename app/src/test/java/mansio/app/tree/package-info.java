/**
 * The tree tests itself: direction of floors and rooms, banned calls, sizes, format, comments, and
 * that what we claim (RFCs, capabilities, config keys) is written down.
 */
@NullMarked
package mansio.app.tree;

import org.jspecify.annotations.NullMarked;
