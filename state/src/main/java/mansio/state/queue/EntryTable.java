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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Entries as keys of a shard: a head, and blocks of recipients, so that progress rewrites a block
 * and not the message. No state; any thread.
 *
 * <pre>
 * HEAD       sequence        received, envelope, content, Message-ID, number of recipients
 * RECIPIENTS sequence block  up to {@value #BLOCK} recipients
 * SHARERS    blob            how many entries need the blob besides the first; absent for none
 * </pre>
 */
final class EntryTable {
    private static final int HEAD = 0x01;
    private static final int RECIPIENTS = 0x02;
    private static final int SHARERS = 0x04;
    private static final int FORMAT = 2;

    /** Recipients of 5 KiB each, with the longest texts, fit a value. */
    private static final int BLOCK = 12;

    private EntryTable() {}

    static void insert(Turn turn, QueueEntry entry) {
        put(turn, entry);
        for (BlobId blob : entry.content().blobs()) turn.hold(blob);
    }

    private static void put(Turn turn, QueueEntry entry) {
        ValueWriter head = new ValueWriter().u8(FORMAT);
        Texts.write(head, entry.received());
        entry.envelope().writeTo(head);
        entry.content().writeTo(head);
        head.text(entry.messageId()).varint(entry.recipients().size());
        turn.put(headKey(entry.id()), head.toBytes());
        for (int block = 0; block * BLOCK < entry.recipients().size(); block++)
            putBlock(turn, entry, block);
    }

    /**
     * Puts in an entry that may refer to the blobs of another, such as a report on it: the shard
     * holds each blob once, so it is counted how many entries need it.
     */
    static void insertBeside(Turn turn, QueueEntry made, QueueEntry other) throws IOException {
        List<BlobId> shared = other.content().blobs();
        for (BlobId blob : made.content().blobs()) {
            if (shared.contains(blob)) addSharer(turn, blob);
            else turn.hold(blob);
        }
        put(turn, made);
    }

    /** What becomes of a recipient. */
    interface Step {
        /** The same progress when nothing does. */
        Progress of(int recipient, Recipient now) throws IOException;
    }

    /** An entry before and after a step. */
    record Change(QueueEntry before, QueueEntry now) {}

    /** Whether other entries of the shard need an entry's blobs too. */
    enum Blobs {
        /** None does. */
        ITS_OWN,
        /** The table has to be asked. */
        PERHAPS_SHARED
    }

    /**
     * Takes recipients further, and removes the entry when all is done.
     *
     * @param before the entry as this turn finds it
     */
    static Change change(Turn turn, QueueEntry before, Step step, Blobs blobs) throws IOException {
        List<Recipient> recipients = new ArrayList<>(before.recipients());
        for (int i = 0; i < recipients.size(); i++) {
            Recipient now = recipients.get(i);
            recipients.set(i, now.with(step.of(i, now)));
        }
        QueueEntry now = before.with(recipients);
        if (now.isDone()) {
            remove(turn, now, blobs);
        } else {
            for (int block = 0; block * BLOCK < recipients.size(); block++) {
                if (!blockOf(before, block).equals(blockOf(now, block))) putBlock(turn, now, block);
            }
        }
        return new Change(before, now);
    }

    static void remove(Turn turn, QueueEntry entry, Blobs blobs) throws IOException {
        turn.delete(headKey(entry.id()));
        for (int block = 0; block * BLOCK < entry.recipients().size(); block++) {
            turn.delete(blockKey(entry.id(), block));
        }
        for (BlobId blob : entry.content().blobs()) {
            if (blobs == Blobs.ITS_OWN || !removeSharer(turn, blob)) turn.release(blob);
        }
    }

    private static void addSharer(Turn turn, BlobId blob) throws IOException {
        Key key = sharersKey(blob);
        long others = turn.get(key).map(value -> new ValueReader(value).varint()).orElse(0L);
        turn.put(key, new ValueWriter().varint(others + 1).toBytes());
    }

    /** False when nobody else needs the blob. */
    private static boolean removeSharer(Turn turn, BlobId blob) throws IOException {
        Key key = sharersKey(blob);
        Optional<byte[]> value = turn.get(key);
        if (value.isEmpty()) return false;
        long others = new ValueReader(value.get()).varint();
        if (others == 1) turn.delete(key);
        else turn.put(key, new ValueWriter().varint(others - 1).toBytes());
        return true;
    }

    private static Key sharersKey(BlobId blob) {
        return Key.table(SHARERS).raw(blob.toBytes());
    }

    static Optional<QueueEntry> find(Reads shard, QueueId id) throws IOException {
        Optional<byte[]> head = shard.get(headKey(id));
        return head.isEmpty()
                ? Optional.empty()
                : read(id, head.get(), count -> blocks(shard, id, count));
    }

    /**
     * The entries behind {@code after}, oldest first. Heads and recipients are read in one go each;
     * an entry that was removed in between is left out.
     */
    static Listed page(Reads shard, QueueId after, int max) throws IOException {
        Range behind = new Range(headKey(after).u8(0), Key.table(HEAD + 1));
        Page page = shard.scan(behind, Direction.FORWARD, max, Reads.MAX_SCAN_BYTES);
        if (page.entries().isEmpty()) return new Listed(List.of(), Optional.empty());
        QueueId first = idOf(after.shard(), page.entries().getFirst());
        QueueId last = idOf(after.shard(), page.entries().getLast());
        Map<Long, List<Recipient>> recipients = recipients(shard, first, last);
        List<QueueEntry> entries = new ArrayList<>(page.entries().size());
        for (Entry head : page.entries()) {
            QueueId id = idOf(after.shard(), head);
            List<Recipient> of = recipients.getOrDefault(id.sequence(), List.of());
            read(id, head.value(), _ -> of).ifPresent(entries::add);
        }
        return new Listed(entries, Optional.of(last));
    }

    /**
     * The id behind {@code after}, also when that entry's head or its recipients cannot be read;
     * empty when there is none.
     */
    static Optional<QueueId> idBehind(Reads shard, QueueId after) throws IOException {
        try {
            return idIn(shard, after, new Range(headKey(after).u8(0), Key.table(HEAD + 1)));
        } catch (IOException e) {
            Key from = blockKey(after, 255).next();
            return idIn(shard, after, new Range(from, Key.table(RECIPIENTS + 1)));
        }
    }

    private static Optional<QueueId> idIn(Reads shard, QueueId after, Range range)
            throws IOException {
        Page page = shard.scan(range, Direction.FORWARD, 1, Reads.MAX_SCAN_BYTES);
        return page.entries().stream().findFirst().map(it -> idOf(after.shard(), it));
    }

    /**
     * A page of entries.
     *
     * @param last where the next page begins; empty when there is none
     */
    record Listed(List<QueueEntry> entries, Optional<QueueId> last) {}

    private static QueueId idOf(int shard, Entry head) {
        return QueueId.of(shard, head.key().u64At(1));
    }

    private static Map<Long, List<Recipient>> recipients(Reads shard, QueueId first, QueueId last)
            throws IOException {
        Map<Long, List<Recipient>> found = new HashMap<>();
        Key from = blockKey(first, 0);
        Key to = blockKey(last, 255).next();
        while (true) {
            Page page =
                    shard.scan(
                            new Range(from, to),
                            Direction.FORWARD,
                            Reads.MAX_SCAN_ENTRIES,
                            Reads.MAX_SCAN_BYTES);
            for (Entry block : page.entries()) {
                readBlock(
                        block.value(),
                        found.computeIfAbsent(block.key().u64At(1), _ -> new ArrayList<>(1)));
            }
            if (!page.more()) return found;
            from = page.entries().getLast().key().next();
        }
    }

    /** Where the recipients of an entry come from. */
    private interface Source {
        List<Recipient> read(int count) throws IOException;
    }

    /** Empty when some of its recipients are gone. */
    private static Optional<QueueEntry> read(QueueId id, byte[] head, Source source)
            throws IOException {
        ValueReader in = new ValueReader(head);
        int format = in.u8();
        if (format != FORMAT)
            throw new IOException(
                    "queue entry " + id + " has the format " + format + ", not " + FORMAT);
        Instant received = Texts.instant(in);
        Envelope envelope = Envelope.readFrom(in);
        Content content = Content.readFrom(in);
        String messageId = in.text();
        int count = in.count();
        List<Recipient> recipients = source.read(count);
        return recipients.size() == count
                ? Optional.of(
                        new QueueEntry(id, received, envelope, content, messageId, recipients))
                : Optional.empty();
    }

    private static List<Recipient> blocks(Reads shard, QueueId id, int count) throws IOException {
        List<Recipient> recipients = new ArrayList<>(count);
        for (int block = 0; recipients.size() < count; block++) {
            Optional<byte[]> value = shard.get(blockKey(id, block));
            if (value.isEmpty()) break; // Removed since its head was read.
            readBlock(value.get(), recipients);
        }
        return recipients;
    }

    private static void readBlock(byte[] value, List<Recipient> to) {
        ValueReader in = new ValueReader(value);
        while (!in.atEnd()) to.add(Recipient.readFrom(in));
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
