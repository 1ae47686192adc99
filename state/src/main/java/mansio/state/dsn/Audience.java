package mansio.state.dsn;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Directory;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.queue.ReportWish;
import mansio.state.queue.Reports.Occasion;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Who reads a report, and may therefore see what. */
sealed interface Audience {
    /** Where the report goes. */
    Address to();

    /** What the reader knows a recipient as. */
    Address addressOf(Recipient recipient);

    /** Whoever sent the message: sees the addresses as they were given, not where aliases lead. */
    record Sender(Address to) implements Audience {
        @Override
        public Address addressOf(Recipient recipient) {
            return recipient.forwardPath();
        }
    }

    /**
     * Whoever looks after the alias that could not forward: a stranger's reverse-path may be
     * forged, and a report to it would be backscatter.
     */
    record Owner(Address to) implements Audience {
        @Override
        public Address addressOf(Recipient recipient) {
            return recipient.destination();
        }
    }

    /** Empty when nobody is to be told. */
    static Optional<Audience> of(Occasion occasion, Directory directory) throws IOException {
        QueueEntry entry = occasion.entry();
        Optional<Address> sender = entry.envelope().reversePath();
        // RFC 3464 section 2 and RFC 5321 section 6.1: nobody is told of a report.
        if (sender.isEmpty()) return Optional.empty();
        if (isKnown(entry)) return Optional.of(new Sender(sender.get()));
        return owner(occasion.told(), directory).map(Owner::new);
    }

    /**
     * True when the sender is one who may send through us, an account or a trusted network, from
     * which alone mail for other servers and wishes for reports are taken; or a stranger whose
     * reverse-path was found to be true. Only what an alias sends on may come from another.
     */
    private static boolean isKnown(QueueEntry entry) {
        return entry.envelope().source().right() != Envelope.Right.FOREIGN
                || entry.envelope().source().submitter().isPresent()
                || entry.recipients().stream().anyMatch(it -> !it.wish().equals(ReportWish.NONE))
                || entry.recipients().stream().anyMatch(it -> it.action() instanceof Action.Relay);
    }

    private static Optional<Address> owner(List<Recipient> told, Directory directory)
            throws IOException {
        for (Recipient recipient : told) {
            Optional<Domain> domain = recipient.forwardPath().domain();
            if (!(recipient.action() instanceof Action.Forward) || domain.isEmpty()) {
                continue;
            }
            if (directory.isLocal(domain.get())) {
                return Optional.of(Address.of("postmaster", domain.get()));
            }
            // The domain was ours when the message came, and has moved.
            return directory.domains().stream().findFirst().map(it -> Address.of("postmaster", it));
        }
        return Optional.empty();
    }
}
