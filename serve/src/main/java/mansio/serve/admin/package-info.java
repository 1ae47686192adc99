/**
 * What an administrator can ask and change, one class a command, for the command line, the web and
 * the API alike; and the control socket by which a command reaches the running server.
 */
@NullMarked
package mansio.serve.admin;

import org.jspecify.annotations.NullMarked;
