package mansio.state.queue;

import mansio.state.store.BlobId;
import mansio.state.store.Content;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Reads.Direction;
import mansio.state.store.Turn;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Entries as keys of a shard: a head, and blocks of recipients, so that progress rewrites a block
 * and not the message. No state; any thread.
 *
 * <pre>
 * HEAD       sequence        received, envelope, content, Message-ID, number of recipients
 * RECIPIENTS sequence block  up to {@value #BLOCK} recipients
 * </pre>
 */
final class EntryTable {
    private static final int HEAD = 0x01;
    private static final int RECIPIENTS = 0x02;
    private static final int FORMAT = 2;

    /** 40 recipients of 1.5 KiB each fit a value. */
    private static final int BLOCK = 40;

    private EntryTable() {}

    static void insert(Turn turn, QueueEntry entry) {
        ValueWriter head = new ValueWriter().u8(FORMAT).instant(entry.received());
        entry.envelope().writeTo(head);
        entry.content().writeTo(head);
        head.text(entry.messageId()).varint(entry.recipients().size());
        turn.put(headKey(entry.id()), head.toBytes());
        for (int block = 0; block * BLOCK < entry.recipients().size(); block++)
            putBlock(turn, entry, block);
        for (BlobId blob : entry.content().blobs()) turn.hold(blob);
    }

    /** Writes down how far the recipients are, or removes the entry when all is done. */
    static void update(Turn turn, QueueEntry before, QueueEntry now) throws IOException {
        if (turn.get(headKey(now.id())).isEmpty()) return; // Removed meanwhile.
        if (now.isDone()) {
            remove(turn, now);
            return;
        }
        for (int block = 0; block * BLOCK < now.recipients().size(); block++) {
            if (!blockOf(before, block).equals(blockOf(now, block))) putBlock(turn, now, block);
        }
    }

    static void remove(Turn turn, QueueEntry entry) {
        turn.delete(headKey(entry.id()));
        for (int block = 0; block * BLOCK < entry.recipients().size(); block++) {
            turn.delete(blockKey(entry.id(), block));
        }
        for (BlobId blob : entry.content().blobs()) turn.release(blob);
    }

    static Optional<QueueEntry> find(Reads shard, QueueId id) throws IOException {
        Optional<byte[]> head = shard.get(headKey(id));
        return head.isEmpty() ? Optional.empty() : Optional.of(read(shard, id, head.get()));
    }

    /** The entries behind {@code after}, oldest first. */
    static List<QueueEntry> page(Reads shard, QueueId after, int max) throws IOException {
        Range behind = new Range(headKey(after).u8(0), Key.table(HEAD + 1));
        Page page = shard.scan(behind, Direction.FORWARD, max, Reads.MAX_SCAN_BYTES);
        List<QueueEntry> entries = new ArrayList<>(page.entries().size());
        for (Entry head : page.entries()) {
            QueueId id = QueueId.of(after.shard(), head.key().u64At(1));
            Optional<QueueEntry> entry = readIfWhole(shard, id, head.value());
            entry.ifPresent(entries::add);
        }
        return entries;
    }

    private static Optional<QueueEntry> readIfWhole(Reads shard, QueueId id, byte[] head)
            throws IOException {
        try {
            return Optional.of(read(shard, id, head));
        } catch (EntryGone _) {
            return Optional.empty();
        }
    }

    private static QueueEntry read(Reads shard, QueueId id, byte[] head) throws IOException {
        ValueReader in = new ValueReader(head);
        int format = in.u8();
        if (format != FORMAT)
            throw new IOException(
                    "queue entry " + id + " has the format " + format + ", not " + FORMAT);
        Instant received = in.instant();
        Envelope envelope = Envelope.readFrom(in);
        Content content = Content.readFrom(in);
        String messageId = in.text();
        int count = in.count();
        List<Recipient> recipients = new ArrayList<>(count);
        for (int block = 0; recipients.size() < count; block++) {
            byte[] value = shard.get(blockKey(id, block)).orElseThrow(EntryGone::new);
            ValueReader blockIn = new ValueReader(value);
            while (!blockIn.atEnd()) recipients.add(Recipient.readFrom(blockIn));
        }
        return new QueueEntry(id, received, envelope, content, messageId, recipients);
    }

    /** The entry was removed between the reading of its head and of its recipients. */
    private static final class EntryGone extends IOException {
        private static final long serialVersionUID = 1;

        EntryGone() {
            super("the queue entry is gone");
        }
    }

    private static void putBlock(Turn turn, QueueEntry entry, int block) {
        ValueWriter value = new ValueWriter();
        blockOf(entry, block).forEach(recipient -> recipient.writeTo(value));
        turn.put(blockKey(entry.id(), block), value.toBytes());
    }

    private static List<Recipient> blockOf(QueueEntry entry, int block) {
        List<Recipient> all = entry.recipients();
        return all.subList(block * BLOCK, Math.min(all.size(), (block + 1) * BLOCK));
    }

    private static Key headKey(QueueId id) {
        return Key.table(HEAD).u64(id.sequence());
    }

    private static Key blockKey(QueueId id, int block) {
        return Key.table(RECIPIENTS).u64(id.sequence()).u8(block);
    }
}
