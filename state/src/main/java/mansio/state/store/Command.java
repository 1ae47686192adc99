package mansio.state.store;

import java.io.IOException;

/** Something to write, decided on the partition's state at its turn. */
@FunctionalInterface
public interface Command<R> {
    /**
     * Reads and writes through {@code turn}. Runs on one thread of the caller's or of another
     * writer; it must not block on anything but the store and must not call {@link
     * Partition#write}. When it throws, nothing of it is written, its version is not used, and the
     * exception reaches the caller of {@link Partition#write}.
     */
    R run(Turn turn) throws IOException;
}
