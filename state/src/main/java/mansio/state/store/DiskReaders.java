package mansio.state.store;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few platform threads for reads that wait for the disk: a native call would hold a virtual
 * thread's carrier meanwhile, and there are only as many carriers as cores.
 */
final class DiskReaders {
    /** Reads that may wait for a thread; further callers wait to be let in. */
    private static final int QUEUE = 1024;

    /** A read. */
    @FunctionalInterface
    interface Read<R> {
        R run() throws IOException;
    }

    private final ThreadPoolExecutor pool;

    DiskReaders(int threads) {
        AtomicInteger number = new AtomicInteger();
        pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(QUEUE),
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("disk-reader-" + number.incrementAndGet())
                                        .unstarted(task),
                        // Too many: the caller reads by itself, which slows new callers down.
                        new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Runs a read on a reader's thread, or here when this is a platform thread. */
    <R> R run(Read<R> read) throws IOException {
        if (!Thread.currentThread().isVirtual()) return read.run();
        FutureTask<R> task = new FutureTask<>(read::run);
        pool.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static IOException failure(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> e;
            case null, default -> new IOException(failed);
        };
    }

    /** Ends the threads; reads under way are finished first. */
    void close() {
        pool.close();
    }
}
