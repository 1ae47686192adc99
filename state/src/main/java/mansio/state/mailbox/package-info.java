/**
 * Accounts' mail: mailboxes, e-mails and their placements, flags, quota, receipts of deliveries;
 * what IMAP, POP3, JMAP and local delivery stand on.
 */
@NullMarked
package mansio.state.mailbox;

import org.jspecify.annotations.NullMarked;
