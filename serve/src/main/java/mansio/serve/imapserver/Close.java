package mansio.serve.imapserver;

import mansio.codec.imap.Reply;

import java.io.IOException;

/** CLOSE and UNSELECT: RFC 9051 sections 6.4.1 and 6.4.2, RFC 7162 section 3.2.8. */
final class Close {
    private Close() {}

    /**
     * Removes what is deleted and tells of none of it. HIGHESTMODSEQ must not be told either: the
     * client has not heard of changes by others that came before (RFC 7162 section 3.2.8).
     */
    static Reply close(Call call) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        if (!mailbox.readOnly()) {
            var _ = call.session().mail().expungeDeleted(mailbox.mailboxId());
        }
        call.session().unselect();
        return Replies.COMPLETED;
    }

    static Reply unselect(Call call) {
        call.session().unselect();
        return Replies.COMPLETED;
    }
}
