package mansio.net.time;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Work on a fixed number of platform threads, with a bounded number of tasks that wait. */
public final class WorkPool implements Work, AutoCloseable {
    private final ThreadPoolExecutor pool;

    /**
     * Starts a pool. Its threads do not keep the process alive.
     *
     * @param name of the threads, such as {@code work}
     * @param threads how many tasks run at once, 1 or more
     * @param maxWaiting how many more may wait, 1 or more
     */
    public WorkPool(String name, int threads, int maxWaiting) {
        pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(maxWaiting),
                        Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    @Override
    public <T> T run(Task<T> task) throws IOException {
        FutureTask<T> future = new FutureTask<>(task::run);
        try {
            pool.execute(future);
        } catch (RejectedExecutionException e) {
            throw new IOException("too much work is waiting for the processor", e);
        }
        return await(future);
    }

    private static <T> T await(FutureTask<T> future) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted =
                            true; // The task will end; its caller hears of the interrupt then.
                } catch (ExecutionException e) {
                    throw rethrown(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrown(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException io -> io;
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(e);
        };
    }

    /** Takes no further work; what runs and waits is finished. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
