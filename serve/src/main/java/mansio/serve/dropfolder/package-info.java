/**
 * Mail of programs on this machine: the drop folder that {@code sendmail} writes into, and what is
 * done to make a proper message of it. docs/design/sendmail.md.
 */
@NullMarked
package mansio.serve.dropfolder;

import org.jspecify.annotations.NullMarked;
