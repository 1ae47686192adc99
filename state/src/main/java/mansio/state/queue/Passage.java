package mansio.state.queue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A connection on which messages can be handed over, one transaction after the other. Used by one
 * thread at a time; {@link #close} alone may be called by any thread at any time.
 */
public interface Passage extends AutoCloseable {
    /** The other side, {@code mx.example.org[192.0.2.1]}. */
    String host();

    /** How it is protected, for story and reports; empty for not at all. */
    String tls();

    /** True when mail of that lane, which leads to the same site, may travel on it too. */
    boolean fits(Carrier.Lane lane);

    /**
     * Hands over a message: one mail transaction.
     *
     * @param beforeDot to be called once, on this thread, when all but the final dot (the last
     *     chunk of BDAT) was sent; when it throws, the dot must not be sent, and the connection is
     *     of no more use
     * @return for each recipient of the dispatch, in its order, what came of it. Faults of the
     *     connection are results too.
     */
    List<Result> send(Dispatch dispatch, BeforeDot beforeDot);

    /** What was done to the message of the last transaction, if there is something to be told. */
    default Optional<Note> note() {
        return Optional.empty();
    }

    /**
     * A line for the story of a message.
     *
     * @param outcome in a word or two
     */
    record Note(String outcome, String reason) {
        /** It bears signatures of ours. */
        public static Note signed(String facts) {
            return new Note("signed", facts);
        }

        /** It bears none. */
        public static Note unsigned(String why) {
            return new Note("not signed", why);
        }
    }

    /** What can be done with it after the last transaction. */
    State state();

    /** Ends it politely; a transaction under way on another thread is cut off. Bounded in time. */
    @Override
    void close();

    /** What can be done with a passage. */
    enum State {
        /** It takes another transaction. */
        USABLE,
        /** It ended in good order, such as after so many messages. */
        ENDED,
        /** The other side went away or wants less: its site is treated with care. */
        BROKEN
    }

    /**
     * One transaction.
     *
     * @param entry the message; its content is what goes out
     * @param lane which it is taken from
     * @param recipients numbers of recipients of the entry, at most {@link #MAX_RECIPIENTS}, all
     *     with the same reverse-path
     */
    record Dispatch(QueueEntry entry, Carrier.Lane lane, List<Integer> recipients) {
        /** RFC 5321 section 4.5.3.1.8: every server takes a hundred. */
        public static final int MAX_RECIPIENTS = 100;

        public Dispatch {
            recipients = List.copyOf(recipients);
        }

        /** A recipient by its place in the dispatch. */
        public Recipient recipient(int place) {
            return entry.recipients().get(recipients.get(place));
        }
    }

    /** Makes it durable that the other side may have the message from now on (RFC 1047). */
    @FunctionalInterface
    interface BeforeDot {
        /**
         * @param places the recipients that the other side accepted, as places in the dispatch
         * @throws IOException when the dot must not be sent: it cannot be made durable, or the
         *     message was withdrawn
         */
        void dotFollows(List<Integer> places) throws IOException;
    }

    /** What an attempt did for one recipient. */
    sealed interface Result {
        /** It is done: {@link Fate.Delivered} or {@link Fate.Failed}. */
        record Ended(Fate fate) implements Result {}

        /** It is tried again. */
        record Deferred(Failure failure) implements Result {}

        /**
         * Its domain has become ours: it goes on here, as another message of this queue.
         *
         * @param recipients of that message: fresh ones
         * @param why in a sentence
         */
        record GoesOn(List<Recipient> recipients, String why) implements Result {
            public GoesOn {
                recipients = List.copyOf(recipients);
            }
        }
    }
}
