package mansio.serve.inbound;

import mansio.net.time.Time;
import mansio.state.directory.Directory;
import mansio.state.queue.Queue;
import mansio.state.store.Blobs;

import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * Takes messages in: evidence, judgement, queue. Its way is docs/design/message-path.md. Made once;
 * safe for use by any thread.
 */
public final class Inbound {
    private final Queue queue;
    private final Blobs blobs;
    private final Directory directory;
    private final Time time;
    private final RandomGenerator random;
    private final InboundSettings settings;

    public Inbound(Places places, Time time, RandomGenerator random, InboundSettings settings) {
        this.queue = places.queue();
        this.blobs = places.blobs();
        this.directory = places.directory();
        this.time = time;
        this.random = random;
        this.settings = settings;
    }

    /** What receiving works with. */
    public record Places(Queue queue, Blobs blobs, Directory directory) {}

    /** Messages are at most this long; SIZE says so (RFC 1870). */
    public long maxMessageBytes() {
        return settings.maxMessageBytes();
    }

    /**
     * Begins to take in a message. The Received field is made here, from the transaction and the
     * queue id.
     *
     * @throws mansio.state.store.LowSpaceException when there is no room: 452
     * @throws IOException when it cannot tell: 451
     */
    public Reception begin(Transaction transaction) throws IOException {
        return new Reception(this, transaction, blobs.create());
    }

    Queue queue() {
        return queue;
    }

    Directory directory() {
        return directory;
    }

    Time time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }

    InboundSettings settings() {
        return settings;
    }
}
