package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.Placed;
import mansio.state.mailbox.Transfer;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.Optional;

/** COPY and UID COPY: RFC 9051 section 6.4.7, RFC 4315 section 3. */
final class Copy {
    private Copy() {}

    static Reply handle(Call call, Command.Copy command) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        Optional<UidSet> uids = mailbox.resolve(command.set(), command.uid());
        if (uids.isEmpty()) {
            return Replies.NO_SUCH_MESSAGE;
        }
        Optional<MailboxInfo> target = MailboxNames.find(call.session(), command.mailbox());
        if (target.isEmpty()) {
            return Replies.TRY_CREATE;
        }
        if (uids.get().isEmpty()) {
            return Replies.NOTHING_COPIED;
        }
        if (!uids.get().and(mailbox.gone()).isEmpty() && !command.uid()) {
            return Replies.EXPUNGE_ISSUED; // RFC 9051 section 6.4.7: all or nothing.
        }
        Transfer transfer = new Transfer(mailbox.mailboxId(), uids.get(), target.get().id());
        Placed placed = call.session().mail().copy(transfer, call.session().quotaLimit());
        return switch (placed) {
            case Placed.Done done -> copied(done);
            case Placed.Refused(Placed.Reason reason) -> Replies.of(reason);
        };
    }

    private static Reply copied(Placed.Done done) {
        return done.from().isEmpty() ? Replies.NOTHING_COPIED : Reply.ok(code(done), "Copied");
    }

    static ResponseCode code(Placed.Done done) {
        return new ResponseCode.CopyUid(
                done.uidValidity(), UidRanges.of(done.from()), UidRanges.of(done.to()));
    }
}
