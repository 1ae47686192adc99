package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.state.mailbox.Expunged;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.Optional;

/** EXPUNGE and UID EXPUNGE: RFC 9051 sections 6.4.3 and 6.4.9, RFC 7162 section 3.2.9. */
final class Expunge {
    private Expunge() {}

    static Reply handle(Call call, Command.Expunge command) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        if (mailbox.readOnly()) {
            return Replies.READ_ONLY;
        }
        Expunged expunged;
        if (command.uids().isPresent()) {
            Optional<UidSet> uids = mailbox.resolve(command.uids().get(), true);
            expunged =
                    call.session()
                            .mail()
                            .expungeDeleted(mailbox.mailboxId(), uids.orElse(UidSet.EMPTY));
        } else {
            expunged = call.session().mail().expungeDeleted(mailbox.mailboxId());
        }
        // What is gone is told by the loop, before this reply.
        return completed(call, expunged);
    }

    static Reply completed(Call call, Expunged expunged) {
        boolean modSeq = call.session().enabled().condStore() && !expunged.uids().isEmpty();
        return modSeq
                ? Reply.ok(new ResponseCode.HighestModSeq(expunged.modSeq()), "Expunged")
                : Replies.COMPLETED;
    }
}
