package mansio.net.time;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on a fixed number of platform threads, with a bounded number of tasks that wait. {@link
 * #close} ends the threads.
 */
public final class WorkPool implements Work, AutoCloseable {
    private final BlockingQueue<FutureTask<?>> waiting;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Starts the threads, which do not keep the process alive.
     *
     * @param name of the threads, such as {@code work}
     * @param threads how many tasks run at once, 1 or more
     * @param maxWaiting how many more may wait, 1 or more
     */
    public WorkPool(String name, int threads, int maxWaiting) {
        waiting = new ArrayBlockingQueue<>(maxWaiting);
        for (int i = 0; i < threads; i++) {
            this.threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::serve));
        }
    }

    private void serve() {
        try {
            while (!closed) {
                waiting.take().run(); // What a task throws is kept in it for its caller.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    /**
     * Ends the threads, each behind the task that it runs. Tasks that wait are not run: their
     * callers get an IOException, as does who comes later.
     */
    @Override
    public void close() {
        closed = true;
        giveUpWaiting();
        threads.forEach(Thread::interrupt);
    }

    private void giveUpWaiting() {
        List<FutureTask<?>> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(task -> task.cancel(false));
    }

    @Override
    public <T> T run(Task<T> task) throws IOException {
        FutureTask<T> future = new FutureTask<>(task::run);
        if (!waiting.offer(future)) {
            throw new IOException("too much work waits for a processor");
        }
        if (closed) giveUpWaiting(); // It came behind the last look of close().
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true; // The task will end; the caller hears of it then.
                } catch (CancellationException e) {
                    throw new IOException("the server stops", e);
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
}
