/** The IMAP server in dialogues and simulations. */
@NullMarked
package mansio.serve.imapserver;

import org.jspecify.annotations.NullMarked;
