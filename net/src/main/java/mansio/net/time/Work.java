package mansio.net.time;

import java.io.IOException;

/**
 * Runs what may compute for more than a millisecond without blocking: password hashes, big sorts,
 * signatures. Virtual threads share few carriers and are never taken off them while they compute,
 * so such work would stop every other connection; it belongs onto threads of its own.
 *
 * <p>Safe for use by any thread. A simulation runs the task at once on the calling thread.
 */
public interface Work {
    /**
     * Runs {@code task} on a worker and waits for its end.
     *
     * @return what the task returned
     * @throws IOException what the task threw, or when too many tasks wait: then nothing was run,
     *     and trying again later may help
     */
    <T> T run(Task<T> task) throws IOException;

    /** Something to compute. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws IOException;
    }

    /**
     * Runs every task at once on the thread that asks: for simulations and for programs of one
     * command.
     */
    Work INLINE =
            new Work() {
                @Override
                public <T> T run(Task<T> task) throws IOException {
                    return task.run();
                }
            };
}
