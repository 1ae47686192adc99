package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.serve.imapserver.Updates.Expunges;
import mansio.serve.imapserver.Updates.Telling;
import mansio.state.mailbox.FlagChange;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.Stored;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** STORE and UID STORE: RFC 9051 section 6.4.6, RFC 7162 section 3.1.3. */
final class Store {
    private Store() {}

    static Reply handle(Call call, Command.Store command) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        if (mailbox.readOnly()) {
            return Replies.READ_ONLY;
        }
        Optional<UidSet> uids = mailbox.resolve(command.set(), command.uid());
        if (uids.isEmpty()) {
            return Replies.NO_SUCH_MESSAGE;
        }
        Optional<Flags> flags = MessageFlags.of(command.change().flags());
        if (flags.isEmpty()) {
            return Replies.TOO_MANY_KEYWORDS;
        }
        if (command.unchangedSince().isPresent()) {
            call.enableCondStore();
        }
        FlagChange change =
                new FlagChange(
                        switch (command.change().mode()) {
                            case REPLACE -> FlagChange.Mode.REPLACE;
                            case ADD -> FlagChange.Mode.ADD;
                            case REMOVE -> FlagChange.Mode.REMOVE;
                        },
                        flags.get());
        Stored stored =
                call.session()
                        .mail()
                        .store(mailbox.mailboxId(), uids.get(), change, command.unchangedSince());
        return switch (stored) {
            case Stored.Done done -> tell(call, command, uids.get(), new Change(change, done));
            case Stored.TooManyKeywords _ -> Replies.TOO_MANY_KEYWORDS;
            case Stored.NoMailbox _ -> Replies.NO_SUCH_MAILBOX;
        };
    }

    /** What was asked for and what came of it. */
    private record Change(FlagChange asked, Stored.Done done) {}

    private static Reply tell(Call call, Command.Store command, UidSet uids, Change change)
            throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        UidSet modified = change.done().modified();
        Map<Long, Flags> silent = new HashMap<>();
        if (command.change().silent()) {
            for (long uid : change.done().changed().toArray()) {
                silent.put(uid, expected(change.asked(), mailbox.flags(uid)));
            }
        }
        boolean modSeqs = call.session().enabled().condStore();
        UidSet untouched = mailbox.gone();
        Telling telling =
                new Telling(
                        command.uid() ? Expunges.NOW : Expunges.LATER,
                        command.uid(),
                        command.change().silent() ? UidSet.EMPTY : uids.andNot(modified),
                        silent,
                        // RFC 7162 sections 3.1 and 3.1.3: MODSEQ is told, silent or not.
                        modSeqs ? change.done().changed() : UidSet.EMPTY);
        call.updates().tell(call.session().mail(), mailbox, telling);
        boolean missed = !command.uid() && !uids.and(untouched).isEmpty();
        if (!modified.isEmpty()) {
            ResponseCode code = new ResponseCode.Modified(mailbox.numbers(modified, command.uid()));
            // RFC 7162 section 3.1.3: OK, unless messages were expunged too.
            return missed
                    ? Reply.no(code, "Conditional STORE failed for some")
                    : Reply.ok(code, "Conditional STORE failed for some");
        }
        return missed ? Replies.EXPUNGE_ISSUED : Replies.COMPLETED;
    }

    private static Flags expected(FlagChange change, Flags before) {
        return switch (change.mode()) {
            case REPLACE -> change.flags();
            case ADD -> before.plus(change.flags());
            case REMOVE -> before.minus(change.flags());
        };
    }
}
