/**
 * The client's side of SMTP (RFC 5321) and LMTP (RFC 2033): who takes a domain's mail, sessions
 * with them, transactions (docs/design/smtpclient.md). Decides nothing about mail and keeps nothing
 * beyond a session.
 */
@NullMarked
package mansio.net.smtpclient;

import org.jspecify.annotations.NullMarked;
