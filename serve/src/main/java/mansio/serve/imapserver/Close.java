package mansio.serve.imapserver;

import mansio.codec.imap.Reply;
import mansio.state.mailbox.Expunged;

import java.io.IOException;

/** CLOSE and UNSELECT: RFC 9051 sections 6.4.1 and 6.4.2, RFC 7162 section 3.2.8. */
final class Close {
    private Close() {}

    /** Removes what is deleted and tells of none of it. */
    static Reply close(Call call) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        Reply reply = Replies.COMPLETED;
        if (!mailbox.readOnly()) {
            Expunged expunged = call.session().mail().expungeDeleted(mailbox.mailboxId());
            reply = Expunge.completed(call, expunged);
        }
        call.session().unselect();
        return reply;
    }

    static Reply unselect(Call call) {
        call.session().unselect();
        return Replies.COMPLETED;
    }
}
