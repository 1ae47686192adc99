package mansio.state.mailbox;

import mansio.state.story.StoryLine;

import java.time.Instant;
import java.util.List;

/**
 * A message that the queue promised to deliver.
 *
 * @param queueId the queue's id of it, as a number; with {@code part} the name of the receipt
 * @param part tells apart several deliveries of one entry to one account; 0 when there is one
 * @param madeAt when the queue id was made; the same in each attempt
 * @param attempt whether a receipt can exist
 * @param targets one placement each; at least one, at most {@link #MAX_TARGETS}
 * @param line what to tell of it; kept with the receipt
 */
public record Delivery(
        long queueId,
        int part,
        Instant madeAt,
        Attempt attempt,
        NewMessage message,
        List<Target> targets,
        StoryLine line) {
    /** Placements of one delivery. */
    public static final int MAX_TARGETS = 20;

    /** Where to, and with which flags beside those of the message. */
    public record Target(long mailboxId, Flags flags) {
        /** Stands for the INBOX of any account. */
        public static final long INBOX = 0;

        /** Stands for the mailbox with {@link SpecialUse#JUNK}, INBOX when there is none. */
        public static final long JUNK = -1;
    }

    /** Whether this delivery was tried before. */
    public enum Attempt {
        /**
         * The entry was accepted by this process, and {@code deliver} was never called for this
         * receipt: there is none, so none is looked for. In any doubt use {@link #REPEATED}.
         */
        FIRST,
        /** After a restart, after an exception, or not known. */
        REPEATED
    }

    public Delivery {
        targets = List.copyOf(targets);
        if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
            throw new IllegalArgumentException(targets.size() + " targets");
        }
    }
}
