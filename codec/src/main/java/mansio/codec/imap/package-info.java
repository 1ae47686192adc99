/** The grammar of IMAP4rev1 and IMAP4rev2: commands in, responses out; no sockets, no state. */
@NullMarked
package mansio.codec.imap;

import org.jspecify.annotations.NullMarked;
