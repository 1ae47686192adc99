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

/** MOVE and UID MOVE: RFC 9051 section 6.4.8, RFC 6851. */
final class Move {
    private Move() {}

    static Reply handle(Call call, Command.Move command) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        if (mailbox.readOnly()) {
            return Replies.READ_ONLY;
        }
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
        Transfer transfer = new Transfer(mailbox.mailboxId(), uids.get(), target.get().id());
        return switch (call.session().mail().move(transfer)) {
            case Placed.Done done -> moved(call, done);
            case Placed.Refused(Placed.Reason reason) -> Replies.of(reason);
        };
    }

    /** RFC 6851 section 4.3: COPYUID goes before the EXPUNGEs, which the loop tells. */
    private static Reply moved(Call call, Placed.Done done) throws IOException {
        if (done.from().isEmpty()) {
            return Replies.NOTHING_COPIED;
        }
        call.out().untagged(Reply.ok(Copy.code(done), "Moved"));
        if (!call.session().enabled().qresync()) {
            return Replies.COMPLETED;
        }
        // RFC 7162 section 3.2.9 asks the same of MOVE as of EXPUNGE.
        long modSeq =
                call.session()
                        .mail()
                        .mailbox(call.mailbox().mailboxId())
                        .map(it -> it.counts().highestModSeq())
                        .orElse(1L);
        return Reply.ok(new ResponseCode.HighestModSeq(modSeq), "Completed");
    }
}
