package mansio.serve.outbound;

import mansio.net.time.Time;
import mansio.state.dkimkey.Signers;
import mansio.state.queue.QueueId;
import mansio.state.store.Content;
import mansio.state.store.ValueWriter;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signatures made a moment ago, by message, what rewriting made of it, and keys. Who comes while
 * one is made waits for it. Safe for use by any thread: the cache's lock is held for an instant, a
 * slot's while its signature is made, and never both.
 */
final class SignatureCache {
    static final int MAX_SLOTS = 1_000;

    /** Their time stamps grow old. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** The one that was used longest ago goes first. Guarded by the lock. */
    private final Map<Key, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    SignatureCache(Time time) {
        this.time = time;
    }

    /** What makes a signature the same. */
    record Key(QueueId id, ByteBuffer content, List<String> keys, SigningOptions options) {
        Key(QueueId id, Content content, Signers signers) {
            this(
                    id,
                    bytes(content),
                    signers.keys().stream().map(SigningKey::toString).toList(),
                    signers.options());
        }

        /** Bytes that we put in are part of it, those of a blob are named. */
        private static ByteBuffer bytes(Content content) {
            ValueWriter out = new ValueWriter();
            content.writeTo(out);
            return ByteBuffer.wrap(out.toBytes());
        }
    }

    /** Makes a signature. */
    @FunctionalInterface
    interface Making {
        byte[] fields() throws IOException;
    }

    private static final class Slot {
        private final ReentrantLock making = new ReentrantLock();

        /** Null until it is made. Guarded by the lock. */
        private byte @Nullable [] fields;

        private long staleNanos;
    }

    /** The fields; those that were made before, or new ones. */
    byte[] get(Key key, Making making) throws IOException {
        Slot slot = slot(key);
        slot.making.lock();
        try {
            byte[] fields = slot.fields;
            if (fields == null || time.nanos() - slot.staleNanos >= 0) {
                fields = making.fields();
                slot.fields = fields;
                slot.staleNanos = time.deadline(LIFETIME);
            }
            return fields;
        } finally {
            slot.making.unlock();
        }
    }

    private Slot slot(Key key) {
        lock.lock();
        try {
            Slot slot = slots.computeIfAbsent(key, _ -> new Slot());
            if (slots.size() > MAX_SLOTS) slots.remove(slots.keySet().iterator().next());
            return slot;
        } finally {
            lock.unlock();
        }
    }
}
