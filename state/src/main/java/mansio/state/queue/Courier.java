package mansio.state.queue;

import java.io.IOException;
import java.util.Optional;

/** Brings a queued message into a mailbox here. Safe for use by any thread. */
public interface Courier {
    /**
     * Delivers to one recipient whose action is {@link Action.Deliver}. Delivering the same entry
     * to the same account again is a no-op that says so.
     *
     * @param arrival what was derived while the message came in; empty after a restart
     * @throws IOException when it cannot be done now; it is tried again
     */
    Delivery deliver(QueueEntry entry, Recipient recipient, Optional<Arrival> arrival)
            throws IOException;

    /** The entry is done for everybody and gone: its receipts may be dropped after a while. */
    void entryGone(QueueEntry entry);

    /**
     * What a delivery did.
     *
     * @param result one line for the story, such as {@code INBOX of anna@example.org, UID 17}
     */
    record Delivery(String result) {}

    /**
     * What was derived from the content with its Return-Path field, so that no delivery has to
     * parse it again.
     *
     * @param facts the compact form that the mailbox keeps
     */
    record Arrival(byte[] facts) {}
}
