package mansio.state.queue;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How far a recipient is. That it is being tried just now is known to memory only. */
public sealed interface Progress {
    /**
     * To be tried.
     *
     * @param attempts how often it was tried
     * @param notBefore the next attempt is not before this
     * @param failure why it was not done yet; empty before the first attempt
     * @param notices how many of the delay notices are dealt with
     */
    record Waiting(int attempts, Instant notBefore, Optional<Failure> failure, int notices)
            implements Progress {
        /** To be done at once, for the first time. */
        public static final Waiting FRESH = new Waiting(0, Instant.EPOCH, Optional.empty(), 0);

        public Waiting {
            notBefore = notBefore.truncatedTo(ChronoUnit.MILLIS);
        }

        Waiting dueAt(Instant at) {
            return new Waiting(attempts, at, failure, notices);
        }

        /** Due now, but what perhaps was delivered keeps its time. */
        Waiting released(Instant now) {
            boolean unanswered = failure.filter(it -> it.stage() == Failure.Stage.DOT).isPresent();
            return unanswered && notBefore.isAfter(now) ? this : dueAt(now);
        }

        /** To be tried again later, after an attempt. */
        Waiting deferred(Failure why, Instant next) {
            return new Waiting(attempts + 1, next, Optional.of(why), notices);
        }

        /** It waits behind a trouble of its lane, and has no failure of its own yet. */
        Waiting behind(Optional<Failure> trouble) {
            return new Waiting(attempts, notBefore, failure.or(() -> trouble), notices);
        }

        Waiting noticed(int dealtWith) {
            return new Waiting(attempts, notBefore, failure, dealtWith);
        }
    }

    /**
     * The final dot was about to leave, and no result is known: perhaps the other side has it (RFC
     * 1047).
     *
     * @param before what it was
     */
    record DotSent(Instant at, String host, Waiting before) implements Progress {
        public DotSent {
            at = at.truncatedTo(ChronoUnit.MILLIS);
            host = Texts.clean(host, Failure.MAX_TEXT);
        }

        /**
         * As an attempt without an answer.
         *
         * @param wait from the dot to the next attempt
         */
        Waiting unanswered(Duration wait) {
            Failure failure =
                    new Failure(
                            "4.4.2", Failure.Stage.DOT, host, "", "no answer to the message", at);
            return before.deferred(failure, at.plus(wait));
        }
    }

    /**
     * A person keeps it, or a cause that only a person can cure.
     *
     * @param before what it was, and will be again
     */
    record Held(String reason, Waiting before) implements Progress {
        public Held {
            reason = Texts.clean(reason, Failure.MAX_TEXT);
        }
    }

    /** Nothing more to do. */
    record Done(Fate fate) implements Progress {}

    /** Stores the progress. */
    default void writeTo(ValueWriter out) {
        switch (this) {
            case Waiting waiting -> write(out.u8(1), waiting);
            case DotSent(Instant at, String host, Waiting before) -> {
                Texts.write(out.u8(2), at);
                write(out.text(host), before);
            }
            case Held(String reason, Waiting before) -> write(out.u8(3).text(reason), before);
            case Done(Fate fate) -> fate.writeTo(out.u8(4));
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    static Progress readFrom(ValueReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> waiting(in);
            case 2 -> new DotSent(Texts.instant(in), in.text(), waiting(in));
            case 3 -> new Held(in.text(), waiting(in));
            case 4 -> new Done(Fate.readFrom(in));
            default -> throw new IllegalStateException("progress tag " + tag);
        };
    }

    private static void write(ValueWriter out, Waiting waiting) {
        out.varint(waiting.attempts());
        Texts.write(out, waiting.notBefore());
        out.varint(waiting.notices()).flag(waiting.failure().isPresent());
        waiting.failure().ifPresent(failure -> failure.writeTo(out));
    }

    private static Waiting waiting(ValueReader in) {
        int attempts = in.count();
        Instant notBefore = Texts.instant(in);
        int notices = in.count();
        return new Waiting(
                attempts,
                notBefore,
                in.flag() ? Optional.of(Failure.readFrom(in)) : Optional.empty(),
                notices);
    }
}
