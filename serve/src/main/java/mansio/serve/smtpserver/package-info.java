/**
 * Receives mail: SMTP from other servers, submission from clients, LMTP from programs beside us.
 * One file a command; {@link mansio.serve.smtpserver.SmtpSession} reads and writes.
 */
@NullMarked
package mansio.serve.smtpserver;

import org.jspecify.annotations.NullMarked;
