/** Tests of the operations and their control socket. */
@NullMarked
package mansio.serve.admin;

import org.jspecify.annotations.NullMarked;
