/** SMTP, submission and LMTP on the wire: commands, replies and the framing of messages. */
@NullMarked
package mansio.codec.smtp;

import org.jspecify.annotations.NullMarked;
