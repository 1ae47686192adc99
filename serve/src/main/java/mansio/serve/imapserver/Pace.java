package mansio.serve.imapserver;

/**
 * Lets other sessions have a turn. Virtual threads are not preempted: who computes for long holds a
 * carrier, and with it everybody who waits for one. Owned by one command.
 */
final class Pace {
    /** Comparisons of characters between two pauses: a millisecond or two. */
    private static final int STEPS = 1 << 19;

    private long done;

    /** Counts work; pauses when it has been enough. */
    void worked(long steps) {
        done += steps;
        if (done >= STEPS) {
            done = 0;
            pause();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Others wait, and nobody takes the carrier away.
    static void pause() {
        Thread.yield();
    }
}
