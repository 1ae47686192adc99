/** Mail servers of others, as they are on their bad days. */
@NullMarked
package mansio.testkit.remote;

import org.jspecify.annotations.NullMarked;
