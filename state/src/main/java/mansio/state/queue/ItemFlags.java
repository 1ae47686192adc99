package mansio.state.queue;

import mansio.state.queue.Failure.Stage;

import java.time.Instant;
import java.util.Optional;

/**
 * What memory knows of a waiting recipient besides its due time, in 31 bits: a mark of the stored
 * time that made it due (16), where it failed last (5), how many delay notices are dealt with (3).
 *
 * <p>The mark tells which of an entry's recipients an item stands for, whatever the wall clock says
 * by then.
 */
final class ItemFlags {
    private static final int STAGE_SHIFT = 16;
    private static final int STAGE_MASK = 0x1F;
    private static final int NOTICES_SHIFT = 21;
    private static final int NOTICES_MASK = 0x7;
    private static final int MARK_MASK = 0xFFFF;

    private ItemFlags() {}

    static int of(Progress.Waiting waiting) {
        return of(waiting.notBefore(), waiting);
    }

    static int of(Progress.DotSent sent) {
        return of(sent.at(), sent.before());
    }

    private static int of(Instant at, Progress.Waiting waiting) {
        int stage = waiting.failure().map(failure -> failure.stage().code()).orElse(0);
        int flags = mark(at) | (stage << STAGE_SHIFT);
        return withNotices(flags, waiting.notices());
    }

    /** True when the item was made for a recipient with that progress. */
    static boolean isMadeFor(int flags, Progress progress) {
        return switch (progress) {
            case Progress.Waiting waiting -> isMadeFor(flags, waiting.notBefore());
            case Progress.DotSent sent -> isMadeFor(flags, sent.at());
            case Progress.Held _, Progress.Done _ -> false;
        };
    }

    /** True when the item was made for a recipient with that stored time. */
    static boolean isMadeFor(int flags, Instant at) {
        return (flags & MARK_MASK) == mark(at);
    }

    /** Where it failed last; empty when it was never tried. */
    static Optional<Stage> stage(int flags) {
        int code = (flags >>> STAGE_SHIFT) & STAGE_MASK;
        return code == 0 ? Optional.empty() : Optional.of(Stage.of(code));
    }

    static int notices(int flags) {
        return (flags >>> NOTICES_SHIFT) & NOTICES_MASK;
    }

    static int withNotices(int flags, int notices) {
        int others = flags & ~(NOTICES_MASK << NOTICES_SHIFT);
        return others | (Math.min(notices, NOTICES_MASK) << NOTICES_SHIFT);
    }

    private static int mark(Instant at) {
        return (int) (at.toEpochMilli() >> 4) & MARK_MASK;
    }
}
