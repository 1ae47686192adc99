package mansio.state.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes reports to senders (RFC 3464). What it returns is written in the same batch as what it
 * reports, so a report is made once. Called outside of a turn; it may be called again for an
 * occasion whose batch could not be written. Safe for use by any thread.
 */
@FunctionalInterface
public interface Reports {
    /** Nobody is ever told anything. */
    Reports NONE = _ -> Optional.empty();

    /** Recipients that one report speaks of at most. */
    int MAX_RECIPIENTS = 20;

    /**
     * The report on an occasion, as an entry under {@link Occasion#reportId()}.
     *
     * @return its content may refer to blobs of the entry that is reported on, and to no others;
     *     empty when nobody is to be told, as with a null reverse-path
     * @throws IOException when it cannot be made now; nothing of the occasion is written then, and
     *     it comes again
     */
    Optional<QueueEntry> about(Occasion occasion) throws IOException;

    /**
     * As {@link #about}, when that has failed by a mistake of ours: says the least there is to say,
     * and reads nothing of the message.
     */
    default Optional<QueueEntry> simplyAbout(Occasion occasion) throws IOException {
        return about(occasion);
    }

    /**
     * Something to tell the sender.
     *
     * @param entry the message as it was before
     * @param told the recipients it is about, all of which want to be told of it, with their new
     *     progress: done, or waiting for {@link Kind#DELAYED}
     * @param givenUpAt until when it is tried, for a delay
     * @param reportId for the report
     */
    record Occasion(
            QueueEntry entry,
            Kind kind,
            List<Recipient> told,
            Instant now,
            Instant givenUpAt,
            QueueId reportId) {
        public Occasion {
            told = List.copyOf(told);
        }
    }

    /** What happened. */
    enum Kind {
        /** {@link Fate.Failed} and {@link Fate.Expired}. */
        FAILED,
        /** It takes long. */
        DELAYED,
        /**
         * {@link Fate.Delivered} to another server that reports nothing itself, and success was to
         * be told.
         */
        RELAYED,
        /** {@link Fate.LocalDelivered}, and success was to be told. */
        DELIVERED
    }
}
