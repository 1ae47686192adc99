package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.FetchItem;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.FetchItem.Simple;
import mansio.codec.imap.FetchWriter;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.Changes;
import mansio.state.mailbox.Email;
import mansio.state.mailbox.FlagChange;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.MailboxView;
import mansio.state.mailbox.Placement;
import mansio.state.mailbox.SystemFlag;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** FETCH and UID FETCH: RFC 9051 section 6.4.5, RFC 7162 sections 3.1.4 and 3.2.6, RFC 3516. */
final class Fetch {
    /** How many messages are looked up at once, and served before other threads get a turn. */
    static final int PAGE = 256;

    private static final Set<Simple> FROM_VIEW =
            Set.of(Simple.FLAGS, Simple.UID, Simple.MODSEQ, Simple.RFC822_SIZE);
    private static final byte[] NO_HEADER = new byte[0];
    private static final Set<Simple> FROM_PLACEMENT = Set.of(Simple.INTERNALDATE);

    private final Call call;
    private final MailAccount mail;
    private final SelectedMailbox mailbox;
    private final List<FetchItem> items;
    private final boolean uid;
    private final boolean needsPlacements;
    private final boolean needsEmails;
    private final boolean setsSeen;
    private final boolean hasBinary;
    private final boolean needsHeaders;

    /** Flags that this command has set and told, for {@link Updates} not to tell them again. */
    private final Map<Long, Flags> told = new HashMap<>();

    /** The mailbox after the last messages became {@code \Seen}. */
    private Optional<MailboxView> seenView = Optional.empty();

    private boolean missed;
    private boolean unknownEncoding;

    private Fetch(Call call, Command.Fetch command) {
        this.call = call;
        this.mail = call.session().mail();
        this.mailbox = call.mailbox();
        this.uid = command.uid();
        this.items = items(command);
        this.needsPlacements = items.stream().anyMatch(item -> !isIn(FROM_VIEW, item));
        this.needsEmails =
                items.stream().anyMatch(it -> !isIn(FROM_VIEW, it) && !isIn(FROM_PLACEMENT, it));
        this.needsHeaders = items.stream().anyMatch(Fetch::readsCachedHeader);
        this.hasBinary = items.stream().anyMatch(Fetch::isBinary);
        this.setsSeen = !mailbox.readOnly() && items.stream().anyMatch(Fetch::setsSeen);
    }

    /** Fields of the message's own header: kept apart, so that no body is opened for them. */
    private static boolean readsCachedHeader(FetchItem item) {
        return item instanceof FetchItem.Body body
                && body.section().part().isEmpty()
                && SectionReader.isFiltered(body.section().text());
    }

    private static boolean isBinary(FetchItem item) {
        return item instanceof FetchItem.Binary || item instanceof FetchItem.BinarySize;
    }

    private static boolean isIn(Set<Simple> set, FetchItem item) {
        return item instanceof Simple simple && set.contains(simple);
    }

    /** RFC 9051 section 6.4.5: what a client reads it has seen. */
    private static boolean setsSeen(FetchItem item) {
        return switch (item) {
            case Simple simple -> simple == Simple.RFC822 || simple == Simple.RFC822_TEXT;
            case FetchItem.Body body -> !body.peek();
            case FetchItem.Binary binary -> !binary.peek();
            case FetchItem.BinarySize _ -> false;
        };
    }

    /** UID where the command says so, MODSEQ with CHANGEDSINCE: RFC 7162 section 3.1.4.1. */
    private static List<FetchItem> items(Command.Fetch command) {
        List<FetchItem> items = new ArrayList<>(command.items());
        if (command.uid() && !items.contains(Simple.UID)) {
            items.addFirst(Simple.UID);
        }
        if (command.modifiers().changedSince().isPresent() && !items.contains(Simple.MODSEQ)) {
            items.add(Simple.MODSEQ);
        }
        return items;
    }

    static Reply handle(Call call, Command.Fetch command) throws IOException {
        SelectedMailbox mailbox = call.mailbox();
        OptionalLong since = command.modifiers().changedSince();
        if (command.modifiers().vanished() && !call.session().enabled().qresync()) {
            return Replies.ENABLE_QRESYNC_FIRST; // RFC 7162 section 3.2.6.
        }
        if (since.isPresent() || command.items().contains(Simple.MODSEQ)) {
            call.enableCondStore();
        }
        Optional<UidSet> uids = mailbox.resolve(command.set(), command.uid());
        if (uids.isEmpty()) {
            return Replies.NO_SUCH_MESSAGE;
        }
        UidSet wanted = uids.get();
        if (since.isPresent()) {
            Changes changes = Resync.changes(call.session().mail(), mailbox, since.getAsLong());
            wanted = wanted.and(changes.changed());
            if (command.modifiers().vanished()) {
                vanished(call, command, changes);
            }
        }
        return new Fetch(call, command).run(wanted);
    }

    /** RFC 7162 section 3.2.6: before the FETCH responses. */
    private static void vanished(Call call, Command.Fetch command, Changes changes)
            throws IOException {
        UidSet asked = changes.vanished();
        if (command.set() instanceof mansio.codec.imap.SequenceSet.Ranges ranges) {
            long largest = call.mailbox().view().counts().uidNext();
            asked = asked.and(UidRanges.set(ranges.resolve(largest)));
        }
        // Those that still have a number here are told by VANISHED without EARLIER.
        asked = asked.andNot(call.mailbox().announced());
        if (!asked.isEmpty()) {
            call.out().vanishedEarlier(UidRanges.of(asked));
        }
    }

    private Reply run(UidSet uids) throws IOException {
        long[] all = uids.toArray();
        for (int first = 0; first < all.length; first += PAGE) {
            page(all, first, Math.min(all.length, first + PAGE));
            Pace.pause();
        }
        call.updates()
                .tell(
                        mail,
                        mailbox,
                        new Updates.Telling(
                                uid ? Updates.Expunges.NOW : Updates.Expunges.LATER,
                                true,
                                UidSet.EMPTY,
                                told,
                                UidSet.EMPTY));
        if (unknownEncoding) {
            return Replies.UNKNOWN_CTE;
        }
        return missed && !uid ? Replies.EXPUNGE_ISSUED : Replies.COMPLETED;
    }

    /** What was looked up of one page of messages. */
    private static final class Page {
        final Map<Long, Placement> placements = new HashMap<>();
        final Map<Long, Email> emails = new HashMap<>();
        final Map<Long, byte[]> headers = new HashMap<>();
    }

    private Page lookUp(long[] all, int from, int to) throws IOException {
        Page page = new Page();
        if (!needsPlacements) {
            return page;
        }
        UidSet.Builder uids = new UidSet.Builder();
        for (int i = from; i < to; i++) {
            uids.add(all[i]);
        }
        List<Long> ids = new ArrayList<>(to - from);
        for (Placement placement : mail.placements(mailbox.mailboxId(), uids.build(), PAGE)) {
            page.placements.put(placement.uid(), placement);
            ids.add(placement.emailId());
        }
        if (needsEmails) {
            mail.emails(ids).forEach(email -> page.emails.put(email.id(), email));
        }
        if (needsHeaders) {
            List<byte[]> headers = mail.headers(ids);
            for (int i = 0; i < ids.size(); i++) {
                page.headers.put(ids.get(i), headers.get(i));
            }
        }
        return page;
    }

    private void page(long[] all, int from, int to) throws IOException {
        Page page = lookUp(all, from, to);
        if (setsSeen) {
            setSeen(all, from, to);
        }
        for (int i = from; i < to; i++) {
            Optional<Placement> placement = Optional.ofNullable(page.placements.get(all[i]));
            Optional<Email> email =
                    placement.flatMap(it -> Optional.ofNullable(page.emails.get(it.emailId())));
            boolean found =
                    (!needsPlacements || placement.isPresent())
                            && (!needsEmails || email.isPresent());
            if (found) {
                message(all[i], placement, email.map(it -> fetched(it, page)));
            } else {
                missed = true;
            }
        }
    }

    private FetchedMessage fetched(Email email, Page page) {
        return new FetchedMessage(mail, email, page.headers.getOrDefault(email.id(), NO_HEADER));
    }

    private void setSeen(long[] all, int from, int to) throws IOException {
        UidSet.Builder builder = new UidSet.Builder();
        for (int i = from; i < to; i++) {
            boolean here = mailbox.view().indexOf(all[i]) >= 0;
            if (here && !mailbox.flags(all[i]).has(SystemFlag.SEEN)) {
                builder.add(all[i]);
            }
        }
        UidSet unseen = builder.build();
        if (unseen.isEmpty()) {
            return;
        }
        FlagChange seen = new FlagChange(FlagChange.Mode.ADD, Flags.of(SystemFlag.SEEN));
        mail.store(mailbox.mailboxId(), unseen, seen, OptionalLong.empty());
        seenView = mail.view(mailbox.mailboxId());
        if (seenView.isPresent()) {
            MailboxView view = seenView.get();
            unseen.and(view.uids()).forEach(it -> told.put(it, view.flags(view.indexOf(it))));
        }
    }

    private void message(
            long messageUid, Optional<Placement> placement, Optional<FetchedMessage> message)
            throws IOException {
        boolean nowSeen = told.containsKey(messageUid);
        Optional<MailboxView> view = nowSeen ? seenView : mailbox.viewOf(messageUid);
        if (view.isEmpty()) {
            missed = true; // Gone so long ago that nothing is left of it here.
            return;
        }
        List<FetchItem> writable = writable(message);
        if (writable.isEmpty()) {
            return;
        }
        FetchWriter out = call.out().fetch(mailbox.sequenceNumber(messageUid));
        int index = view.get().indexOf(messageUid);
        Writing writing = new Writing(out, messageUid, view.get(), index);
        for (FetchItem item : writable) {
            if (item instanceof Simple simple && isIn(FROM_VIEW, simple)) {
                fromView(writing, simple);
            } else if (item == Simple.INTERNALDATE) {
                out.internalDate(placement.orElseThrow().internalDate());
            } else {
                fromMessage(out, message.orElseThrow(), item);
            }
        }
        if (nowSeen && !items.contains(Simple.FLAGS)) {
            fromView(writing, Simple.FLAGS); // RFC 9051 section 6.4.5: a changed flag is told.
        }
        boolean modSeq = call.session().enabled().condStore();
        if (nowSeen && modSeq && !items.contains(Simple.MODSEQ)) {
            fromView(writing, Simple.MODSEQ); // RFC 7162 section 3.2.4: together with the flags.
        }
        out.end();
    }

    /** All items but BINARY of parts that we cannot decode: RFC 3516 section 4.3. */
    private List<FetchItem> writable(Optional<FetchedMessage> message) throws IOException {
        if (message.isEmpty() || !hasBinary) {
            return items;
        }
        List<FetchItem> writable = new ArrayList<>();
        for (FetchItem item : items) {
            if (SectionReader.isDecodable(message.get(), item)) {
                writable.add(item);
            } else {
                unknownEncoding = true;
            }
        }
        return writable;
    }

    /** One message on its way out. */
    private record Writing(FetchWriter out, long uid, MailboxView view, int index) {}

    private void fromView(Writing message, Simple item) throws IOException {
        switch (item) {
            case FLAGS -> {
                Flags flags = message.view().flags(message.index());
                message.out().flags(call.updates().names(flags, mailbox.isRecent(message.uid())));
            }
            case UID -> message.out().uid(message.uid());
            case MODSEQ -> message.out().modSeq(message.view().modSeq(message.index()));
            case RFC822_SIZE -> message.out().size(message.view().messageSize(message.index()));
            case ENVELOPE, INTERNALDATE, RFC822, RFC822_HEADER, RFC822_TEXT, BODY, BODYSTRUCTURE ->
                    throw new IllegalStateException("not in the view");
        }
    }

    private void fromMessage(FetchWriter out, FetchedMessage message, FetchItem item)
            throws IOException {
        SectionReader sections = new SectionReader(out, call.session().environment().buffers());
        switch (item) {
            case Simple simple -> simple(out, sections, message, simple);
            case FetchItem.Body body -> sections.body(message, body);
            case FetchItem.Binary binary -> sections.binary(message, binary);
            case FetchItem.BinarySize size -> sections.binarySize(message, size);
        }
    }

    private static void simple(
            FetchWriter out, SectionReader sections, FetchedMessage message, Simple item)
            throws IOException {
        switch (item) {
            case ENVELOPE -> out.envelope(message.facts().envelope());
            case BODY -> out.body(message.facts().structure());
            case BODYSTRUCTURE -> out.bodyStructure(message.facts().structure());
            case RFC822 -> sections.rfc822(message, "RFC822", new SectionText.Whole());
            case RFC822_HEADER ->
                    sections.rfc822(message, "RFC822.HEADER", new SectionText.Header());
            case RFC822_TEXT -> sections.rfc822(message, "RFC822.TEXT", new SectionText.Text());
            case FLAGS, UID, MODSEQ, RFC822_SIZE, INTERNALDATE ->
                    throw new IllegalStateException("not of the message");
        }
    }
}
