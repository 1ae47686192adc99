/**
 * The IMAP server: RFC 9051 and RFC 3501 with their extensions. One file a command; the session's
 * loop reads and dispatches.
 */
@NullMarked
package mansio.serve.imapserver;

import org.jspecify.annotations.NullMarked;
