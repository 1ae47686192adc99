@NullMarked
package mansio.state.dmarcstore;

import org.jspecify.annotations.NullMarked;
