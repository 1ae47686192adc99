/** What independent programs are compared with, over files and a real DNS. */
@NullMarked
package mansio.trust.cross;

import org.jspecify.annotations.NullMarked;
