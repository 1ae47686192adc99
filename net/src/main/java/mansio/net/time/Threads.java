package mansio.net.time;

/**
 * Starts threads. Everything from codec to serve receives it in a constructor, so that a simulation
 * can run all threads in an order drawn from a seed.
 *
 * <p>Safe for use by any thread.
 */
public interface Threads {
    /**
     * Starts a virtual thread. An exception that leaves {@code task} is logged with its stack and
     * ends that thread only.
     *
     * @param name for logs and dumps, such as {@code smtp-7f3a}
     */
    Thread start(String name, Runnable task);
}
