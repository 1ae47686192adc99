package mansio.state.queue;

import mansio.state.mailbox.Derived;

import java.io.IOException;
import java.util.Optional;

/** Brings a queued message into a mailbox here. Safe for use by any thread. */
public interface Courier {
    /**
     * Delivers to one recipient whose action is {@link Action.Deliver}. Delivering the same entry
     * to the same account again is a no-op that says so.
     *
     * @param arrival what was derived while the message came in; empty after a restart or a
     *     failure, when a receipt may exist
     * @throws IOException when it cannot be done now; it is tried again
     */
    Delivery deliver(QueueEntry entry, Recipient recipient, Optional<Arrival> arrival)
            throws IOException;

    /**
     * What a delivery did.
     *
     * @param result one line for the story, such as {@code INBOX of anna@example.org, UID 17}
     * @param onward empty when it was delivered; else it was not, since the account is gone and its
     *     domain is not ours any more, and it goes on to this recipient as another message
     */
    record Delivery(String result, Optional<Recipient> onward) {
        /** It is in a mailbox. */
        public Delivery(String result) {
            this(result, Optional.empty());
        }
    }

    /**
     * A message that was accepted by this process just now and was never tried before: no receipt
     * can exist yet, and nothing has to be parsed again.
     *
     * @param derived of the content with its Return-Path field in front
     */
    record Arrival(Derived derived) {}
}
