package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.net.time.Time;
import mansio.state.directory.Directory;
import mansio.state.directory.ReturnPaths;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueId;
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
    private final ReturnPaths returnPaths;
    private final Returns returns;
    private final Time time;
    private final RandomGenerator random;
    private final InboundSettings settings;

    public Inbound(Places places, Time time, RandomGenerator random, InboundSettings settings) {
        this.queue = places.queue();
        this.blobs = places.blobs();
        this.directory = places.directory();
        this.returnPaths = places.returnPaths();
        this.returns = new Returns(time);
        this.time = time;
        this.random = random;
        this.settings = settings;
    }

    /** What receiving works with. */
    public record Places(Queue queue, Blobs blobs, Directory directory, ReturnPaths returnPaths) {}

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
        return begin(transaction, newId());
    }

    /**
     * As {@link #begin(Transaction)}, for a message that has its id already: who finds out after a
     * crash that the queue knows the id needs not bring the message again.
     *
     * @param id of {@link #newId()}, used for this message only
     */
    public Reception begin(Transaction transaction, QueueId id) throws IOException {
        return new Reception(this, transaction, blobs.create(), id);
    }

    /** An id for a message that will come. One that is not used is no harm. */
    public QueueId newId() {
        return queue.newId();
    }

    /** True when mail of this origin may go on to other servers by aliases. */
    public boolean forwards(Origin origin) {
        return settings.forwarding().allows(origin);
    }

    /**
     * True when one more bounce may go home to this sender now. Asked once for each.
     *
     * @param to a sender whose mail we forwarded
     */
    public boolean mayReturn(Address to) {
        return returns.take(to);
    }

    Onward onward() {
        return new SignedOnward(directory, returnPaths, settings.forwarding());
    }

    ReturnPaths returnPaths() {
        return returnPaths;
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
