package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What readers see of an account: its durable state, kept in memory and moved on by the {@link
 * Delta}s of the commands as these become durable. Mailboxes' blocks are here while somebody looks
 * at them or space allows. Safe for use by any thread; the lock is held for no reading of the disk.
 */
final class Shown {
    /** A mailbox's blocks; loading until {@code blocks} is set. */
    private static final class Contents {
        /** Null while they are read from the disk. */
        Block @Nullable [] blocks;

        /** What became durable while they are read. */
        final List<BlockChange> meanwhile = new ArrayList<>();

        /** Commands that need the blocks to stay. */
        int pins;

        /** The newest view; null when none was made since the blocks changed. */
        @Nullable MailboxView view;
    }

    private final Partition partition;
    private final BlockCodec codec;
    private final PlacementCache cache;

    /** One mailbox is read at a time. Taken before {@link #lock}. */
    private final ReentrantLock loading = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Catalog catalog;
    private final ArrayDeque<Delta> pending = new ArrayDeque<>();
    private final Map<Long, Contents> contents = new HashMap<>();
    private final Map<Long, Long> claimedRecent = new HashMap<>();

    /** Written under the lock. */
    private volatile long seen;

    Shown(Partition partition, BlockCodec codec, PlacementCache cache, Catalog catalog) {
        this.partition = partition;
        this.codec = codec;
        this.cache = cache;
        this.catalog = catalog;
    }

    /** Called by a turn at its end: the delta is shown when its version is durable. */
    void publish(Delta delta) {
        lock.lock();
        try {
            pending.addLast(delta);
        } finally {
            lock.unlock();
        }
    }

    /** Called by a turn: what commands from that version on have published did not happen. */
    void dropFrom(long version) {
        lock.lock();
        try {
            while (!pending.isEmpty() && pending.getLast().version() >= version) {
                pending.removeLast();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads the catalog at the newest durable version. */
    <R> R read(Function<Catalog, R> reading) throws IOException {
        long durable = durable();
        lock.lock();
        try {
            advance(durable);
            return reading.apply(catalog);
        } finally {
            lock.unlock();
        }
    }

    /** The newest version known to be durable. */
    private long durable() throws IOException {
        return Math.max(partition.version(), seen);
    }

    /**
     * Notes the version of a page that was read. The engine shows what is durable a moment before
     * the partition says so; who has read it must find the rest in the same state.
     */
    void seen(long version) {
        lock.lock();
        try {
            seen = Math.max(seen, version);
        } finally {
            lock.unlock();
        }
    }

    private void advance(long durable) {
        while (!pending.isEmpty() && pending.getFirst().version() <= durable) {
            Delta delta = pending.removeFirst();
            if (delta.version() <= catalog.version()) continue; // Read from the disk already.
            delta.applyTo(catalog);
            delta.mailboxes()
                    .forEach(
                            (id, row) -> {
                                if (row.isEmpty()) contents.remove(id);
                                else forgetView(id);
                            });
            delta.blocks().forEach(this::apply);
        }
    }

    private void forgetView(long mailboxId) {
        Contents mine = contents.get(mailboxId);
        if (mine != null) mine.view = null;
    }

    private void apply(long mailboxId, BlockChange change) {
        Contents mine = contents.get(mailboxId);
        if (mine == null) return;
        if (mine.blocks == null) mine.meanwhile.add(change);
        else mine.blocks = change.applyTo(mine.blocks);
        mine.view = null;
    }

    /** The newest durable view; empty when there is no such mailbox. */
    Optional<MailboxView> view(long mailboxId) throws IOException {
        while (true) {
            long durable = durable();
            int size;
            Optional<MailboxView> view;
            lock.lock();
            try {
                advance(durable);
                Optional<MailboxRow> row = catalog.get(mailboxId);
                if (row.isEmpty()) return Optional.empty();
                view = viewOf(row.get());
                size = row.get().counts().tally().messages();
            } finally {
                lock.unlock();
            }
            cache.used(this, mailboxId, size);
            if (view.isPresent()) return view;
            load(mailboxId);
        }
    }

    private Optional<MailboxView> viewOf(MailboxRow row) {
        Contents mine = contents.get(row.id());
        if (mine == null || mine.blocks == null) return Optional.empty();
        if (mine.view == null) mine.view = new MailboxView(row, mine.blocks);
        return Optional.of(mine.view);
    }

    /**
     * Reads a mailbox's blocks. Pages may belong to different versions; every change that became
     * durable since before the first page is applied again afterwards, which mends that, because a
     * change says what a block is and not what happened to it.
     */
    private void load(long mailboxId) throws IOException {
        loading.lock();
        try {
            if (!beginLoading(mailboxId)) return;
            List<Block> read = List.of();
            boolean done = false;
            try {
                read = readBlocks(mailboxId);
                done = true;
            } finally {
                endLoading(mailboxId, done ? Optional.of(read) : Optional.empty());
            }
        } finally {
            loading.unlock();
        }
    }

    private boolean beginLoading(long mailboxId) throws IOException {
        long durable = durable();
        lock.lock();
        try {
            advance(durable);
            if (catalog.get(mailboxId).isEmpty() || contents.containsKey(mailboxId)) return false;
            contents.put(mailboxId, new Contents());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks from UIDNEXT on are those of a large command that has not shown them yet. */
    private void endLoading(long mailboxId, Optional<List<Block>> read) {
        lock.lock();
        try {
            advance(seen);
            Contents mine = contents.get(mailboxId);
            Optional<MailboxRow> row = catalog.get(mailboxId);
            if (mine == null || row.isEmpty() || read.isEmpty()) {
                contents.remove(mailboxId);
                return;
            }
            long uidNext = row.get().counts().uidNext();
            Block[] now = read.get().stream().filter(b -> b.key() < uidNext).toArray(Block[]::new);
            for (BlockChange change : mine.meanwhile) now = change.applyTo(now);
            mine.meanwhile.clear();
            mine.blocks = now;
        } finally {
            lock.unlock();
        }
    }

    private Contents contentsOf(long mailboxId) {
        Contents mine = contents.get(mailboxId);
        if (mine == null) throw new IllegalStateException("mailbox " + mailboxId + " not loaded");
        return mine;
    }

    private List<Block> readBlocks(long mailboxId) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Range range = Tables.ofMailbox(Tables.BLOCK, mailboxId);
        while (true) {
            Page page =
                    partition.scan(
                            range,
                            Reads.Direction.FORWARD,
                            Reads.MAX_SCAN_ENTRIES,
                            Reads.MAX_SCAN_BYTES);
            seen(page.version());
            Keywords keywords = read(Catalog::keywords); // Not older than the page.
            for (Entry entry : page.entries()) {
                long key = Tables.uidOf(entry.key());
                blocks.add(codec.decode(key, entry.value(), keywords));
            }
            if (!page.more()) return blocks;
            range = new Range(page.entries().getLast().key().u8(0), range.to());
        }
    }

    /** Sees to it that {@link #head} can be asked until {@link #unpin}; false: no mailbox. */
    boolean pin(long mailboxId) throws IOException {
        while (true) {
            long durable = durable();
            lock.lock();
            try {
                advance(durable);
                if (catalog.get(mailboxId).isEmpty()) return false;
                Contents mine = contents.get(mailboxId);
                if (mine != null && mine.blocks != null) {
                    mine.pins++;
                    return true;
                }
            } finally {
                lock.unlock();
            }
            load(mailboxId);
        }
    }

    void unpin(long mailboxId) {
        lock.lock();
        try {
            Contents mine = contents.get(mailboxId);
            if (mine != null) mine.pins--;
        } finally {
            lock.unlock();
        }
    }

    /** Called by a turn: the blocks of a pinned mailbox as the commands before it have left it. */
    Block[] head(long mailboxId) {
        lock.lock();
        try {
            Block[] blocks = contentsOf(mailboxId).blocks;
            if (blocks == null) throw new IllegalStateException("not pinned: " + mailboxId);
            Iterator<Delta> each = pending.iterator();
            while (each.hasNext()) {
                Delta delta = each.next();
                BlockChange change = delta.blocks().get(mailboxId);
                if (change != null && delta.version() > catalog.version()) {
                    blocks = change.applyTo(blocks);
                }
            }
            return blocks;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back the memory of a mailbox that no command works on. */
    void evict(long mailboxId) {
        lock.lock();
        try {
            Contents mine = contents.get(mailboxId);
            if (mine != null && mine.pins == 0 && mine.blocks != null) contents.remove(mailboxId);
        } finally {
            lock.unlock();
        }
    }

    /** Returns what was unclaimed and claims all below {@code uidNext}. */
    long claimRecent(long mailboxId, long uidNext) {
        lock.lock();
        try {
            long from = recentFrom(mailboxId);
            claimedRecent.put(mailboxId, Math.max(from, uidNext));
            return from;
        } finally {
            lock.unlock();
        }
    }

    /** UIDs from here on were not told to any session as recent. */
    long recentFrom(long mailboxId) {
        lock.lock();
        try {
            long stored = catalog.get(mailboxId).map(r -> r.counts().recentFrom()).orElse(1L);
            return Math.max(stored, claimedRecent.getOrDefault(mailboxId, 1L));
        } finally {
            lock.unlock();
        }
    }
}
