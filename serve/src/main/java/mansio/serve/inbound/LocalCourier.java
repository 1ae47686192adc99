package mansio.serve.inbound;

import mansio.codec.message.MessageParser;
import mansio.net.time.Time;
import mansio.serve.dmarcreports.ReportFiling;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.Delivered;
import mansio.state.mailbox.Delivery.Attempt;
import mansio.state.mailbox.Delivery.Target;
import mansio.state.mailbox.Derivation;
import mansio.state.mailbox.Derived;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.NewMessage;
import mansio.state.queue.Action;
import mansio.state.queue.Courier;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.store.AccountId;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;
import mansio.state.story.StoryLine;

import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Brings queued mail into mailboxes. After the 250 nothing can be refused any more: a vanished
 * account's mail goes to its domain's postmaster, or to the server that has the domain now. Safe
 * for use by any thread.
 */
public final class LocalCourier implements Courier {
    private static final int CHUNK = 64 << 10;

    private final Accounts accounts;
    private final Directory directory;
    private final Blobs blobs;
    private final Time time;
    private final Optional<MovedDomains> moved;
    private final Optional<ReportFiling> filing;

    /** One that only delivers. */
    public LocalCourier(Accounts accounts, Directory directory, Blobs blobs, Time time) {
        this(new Places(accounts, directory, blobs, Optional.empty()), time, Optional.empty());
    }

    /**
     * What it works on.
     *
     * @param moved knows where mail goes whose domain is not ours any more; without it the server's
     *     postmaster has it
     */
    public record Places(
            Accounts accounts, Directory directory, Blobs blobs, Optional<MovedDomains> moved) {}

    /**
     * @param filing takes reports about our domains before anybody gets them
     */
    public LocalCourier(Places places, Time time, Optional<ReportFiling> filing) {
        this.accounts = places.accounts();
        this.directory = places.directory();
        this.blobs = places.blobs();
        this.moved = places.moved();
        this.time = time;
        this.filing = filing;
    }

    @Override
    public Delivery deliver(QueueEntry entry, Recipient recipient, Optional<Arrival> arrival)
            throws IOException {
        if (filing.isPresent()) {
            Optional<String> filed = filing.get().take(entry, recipient);
            if (filed.isPresent()) return new Delivery(filed.get());
        }
        Action.Deliver action = (Action.Deliver) recipient.action();
        Optional<Account> there = directory.account(action.account());
        if (there.isEmpty() && moved.isPresent()) {
            Optional<Recipient> onward = moved.get().leaving(entry, recipient);
            if (onward.isPresent()) return new Delivery("its domain is not ours any more", onward);
        }
        Account account = there.isPresent() ? there.get() : postmaster(recipient);
        Content content = entry.content().prepend(ReceivedField.returnPath(entry.envelope()));
        Derived derived = arrival.isPresent() ? arrival.get().derived() : derive(content);
        boolean junk = action.placing() == Action.Placing.JUNK;
        StoryLine line =
                new StoryLine(
                        time.now(),
                        "delivered",
                        "done",
                        (junk ? "Junk of " : "INBOX of ") + account.address());
        Delivered delivered =
                accounts.open(account.id())
                        .deliver(
                                new mansio.state.mailbox.Delivery(
                                        entry.id().value(),
                                        partOf(entry, recipient),
                                        entry.id().madeAt(),
                                        arrival.isPresent() ? Attempt.FIRST : Attempt.REPEATED,
                                        new NewMessage(
                                                content,
                                                derived,
                                                Flags.NONE,
                                                entry.received().atOffset(ZoneOffset.UTC)),
                                        List.of(
                                                new Target(
                                                        junk ? Target.JUNK : Target.INBOX,
                                                        Flags.NONE)),
                                        line));
        String again = delivered.repeated() ? " (it was there already)" : "";
        return new Delivery(line.reason() + ", UID " + delivered.uid() + again);
    }

    /** Two recipients can meet in one account only when one of theirs has vanished. */
    private static int partOf(QueueEntry entry, Recipient recipient) {
        return entry.recipients().indexOf(recipient);
    }

    private Account postmaster(Recipient recipient) throws IOException {
        AccountId postmaster = directory.postmaster(recipient.forwardPath().domain().orElseThrow());
        return directory
                .account(postmaster)
                .orElseThrow(
                        () ->
                                new IOException(
                                        "neither "
                                                + recipient.forwardPath()
                                                + " nor its postmaster exists"));
    }

    private Derived derive(Content content) throws IOException {
        MessageParser parser = new MessageParser();
        ContentReader in = new ContentReader(blobs, content);
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, 0, CHUNK))
            parser.feed(chunk, 0, n);
        return Derivation.of(parser.finish());
    }
}
