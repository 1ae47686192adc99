package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Counts;
import mansio.state.mailbox.MailboxRow.Tally;
import mansio.state.store.BlobId;
import mansio.state.store.Key;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Turn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One command of an account at its turn: changes the head of the writing, collects what readers are
 * shown later, and writes each changed value once at its end. Lives on one thread while the command
 * runs.
 */
final class Work {
    /** A command takes no more rows when it would write more than this; the store bears double. */
    private static final int ROOM_BYTES = 400 << 10;

    private static final int ROOM_ENTRIES = 2_500;

    private final Turn turn;
    private final Ledger ledger;
    private final Head head;
    private final Delta delta;
    private final Set<Long> attributesChanged = new HashSet<>();
    private final Set<Long> shrunk = new HashSet<>();
    private final Map<Long, Map<Long, Optional<byte[]>>> facts = new HashMap<>();
    private final Map<Long, Set<Long>> stagedBefore = new HashMap<>();
    private int entries;
    private int bytes;

    Work(Turn turn, Ledger ledger, Head head) {
        this.turn = turn;
        this.ledger = ledger;
        this.head = head;
        this.delta = new Delta(turn.version());
    }

    Catalog catalog() {
        return head.catalog();
    }

    long version() {
        return turn.version();
    }

    Delta delta() {
        return delta;
    }

    MailLimits limits() {
        return ledger.limits();
    }

    /**
     * Reads what was put by this command and those before it; blocks and rows are put at the end.
     */
    Reads reads() {
        return turn;
    }

    /** False when the next rows are better left to another command. */
    boolean hasRoom() {
        return entries < ROOM_ENTRIES && bytes < ROOM_BYTES;
    }

    void put(Key key, byte[] value) {
        wrote(key.length() + value.length);
        turn.put(key, value);
    }

    void delete(Key key) {
        wrote(key.length());
        turn.delete(key);
    }

    void deleteRange(Range range) {
        wrote(range.from().length() + range.to().length());
        turn.deleteRange(range);
    }

    void hold(BlobId blob) {
        wrote(0);
        turn.hold(blob);
    }

    void release(BlobId blob) {
        wrote(0);
        turn.release(blob);
    }

    private void wrote(int more) {
        entries++;
        bytes += more;
    }

    void account(AccountRow now) {
        catalog().account(now);
        delta.account(now);
    }

    /** Gives a new id and UIDVALIDITY away. */
    AccountRow takeMailboxId() {
        AccountRow before = catalog().account();
        account(before.withMailboxMade());
        return before;
    }

    long takeEmailId() {
        AccountRow before = catalog().account();
        account(before.withEmailMade());
        return before.nextEmailId();
    }

    Optional<MailboxRow> mailbox(long mailboxId) {
        return catalog().get(mailboxId);
    }

    /** Makes or changes a mailbox. */
    void mailbox(MailboxRow now) {
        attributesChanged.add(now.id());
        counts(now);
    }

    /** Changes what is counted of a mailbox. */
    void counts(MailboxRow now) {
        catalog().put(now);
        delta.mailbox(now);
    }

    void removeMailbox(long mailboxId) {
        catalog().remove(mailboxId);
        head.tails().remove(mailboxId);
        facts.remove(mailboxId);
        delta.noMailbox(mailboxId);
        delete(Tables.mailbox(mailboxId));
        delete(Tables.counts(mailboxId));
    }

    void missing(MailboxName name, boolean now) {
        String text = name.toString();
        if (now) {
            catalog().missing().add(text);
            put(Tables.missing(name), text.getBytes(StandardCharsets.UTF_8));
        } else {
            catalog().missing().remove(text);
            delete(Tables.missing(name));
        }
        delta.missing(text, now);
    }

    /** The flags as the account spells them, new keywords numbered; empty: too many keywords. */
    Optional<Flags> learn(Flags flags) {
        if (flags.keywords().isEmpty()) return Optional.of(ledger.codec().share(flags));
        Optional<Keywords> more = catalog().keywords().including(flags, limits().keywords());
        if (more.isEmpty()) return Optional.empty();
        if (!catalog().keywords().knowsAll(flags)) {
            catalog().keywords(more.get());
            delta.keywords(more.get());
            put(Tables.keywords(), more.get().toBytes());
        }
        return Optional.of(ledger.codec().share(more.get().canonical(flags)));
    }

    /** The same for a delivery, which cannot be refused: keywords too many are left out. */
    Flags learnWhatFits(Flags flags) {
        return learn(flags)
                .orElseGet(() -> ledger.codec().share(catalog().keywords().known(flags)));
    }

    Block decode(long key, byte[] value) {
        return ledger.codec().decode(key, value, catalog().keywords());
    }

    /**
     * Adds a placement behind the last of a mailbox that exists, and counts it.
     *
     * @return the UID
     */
    long append(long mailboxId, NewPlacement placement) throws IOException {
        MailboxRow mailbox = catalog().get(mailboxId).orElseThrow();
        long uid = mailbox.counts().uidNext();
        Block.Row row = new Block.Row(uid, placement.size(), version(), placement.flags());
        tail(mailbox).append(this, mailboxId, row, placement.at(uid));
        put(Tables.place(placement.emailId(), mailboxId, uid), new byte[0]);
        Counts counts = mailbox.counts();
        Tally tally = counts.tally().plus(Tally.of(placement.flags(), placement.size()));
        counts(
                mailbox.with(
                        counts.changed(tally, version())
                                .withUidNext(uid + 1)
                                .withRecentFrom(ledger.shown().recentFrom(mailboxId))));
        account(catalog().account().withUse(placement.size(), 1));
        return uid;
    }

    private Tail tail(MailboxRow mailbox) throws IOException {
        if (shrunk.contains(mailbox.id()))
            throw new IllegalStateException("append behind a removal in one command");
        Tail tail = head.tails().get(mailbox.id());
        if (tail == null) {
            tail = Tail.load(this, mailbox.id(), mailbox.counts().uidNext());
            head.tails().put(mailbox.id(), tail);
        }
        return tail;
    }

    void putTailBlock(long mailboxId, Block block) {
        delta.blocksOf(mailboxId).put(block);
    }

    void removeTailBlock(long mailboxId, long key) {
        delta.blocksOf(mailboxId).remove(key);
    }

    /** The blocks of a pinned mailbox with the changes of this command. */
    Block[] blocks(long mailboxId) {
        return delta.blocksOf(mailboxId).applyTo(ledger.shown().head(mailboxId));
    }

    /** A block that is known to be there. */
    Block block(long mailboxId, long key) throws IOException {
        Optional<Block> mine = delta.blocksOf(mailboxId).byKey().get(key);
        if (mine != null) return mine.orElseThrow();
        byte[] value = turn.get(Tables.block(mailboxId, key)).orElseThrow();
        return decode(key, value);
    }

    /** Replaces a block by one with the same placements. */
    void changeBlock(long mailboxId, Block block) {
        bytes += BlockCodec.atMostBytes(block);
        delta.blocksOf(mailboxId).put(block);
        Tail tail = head.tails().get(mailboxId);
        if (tail != null) tail.replaced(block);
    }

    /** Takes rows out of a block. */
    void shrinkBlock(long mailboxId, Block block, boolean[] kept) {
        shrunk.add(mailboxId);
        head.tails().remove(mailboxId);
        boolean any = false;
        for (boolean one : kept) any |= one;
        if (any) {
            Block less = block.keep(kept);
            bytes += BlockCodec.atMostBytes(less);
            delta.blocksOf(mailboxId).put(less);
        } else {
            delta.blocksOf(mailboxId).remove(block.key());
        }
    }

    byte[] facts(long mailboxId, long key) throws IOException {
        Optional<byte[]> mine = factsOf(mailboxId).get(key);
        if (mine != null) return mine.orElseThrow();
        return turn.get(Tables.facts(mailboxId, key)).orElseThrow();
    }

    void putFacts(long mailboxId, long key, byte[] value) {
        factsOf(mailboxId).put(key, Optional.of(value));
    }

    void removeFacts(long mailboxId, long key) {
        factsOf(mailboxId).put(key, Optional.empty());
    }

    private Map<Long, Optional<byte[]>> factsOf(long mailboxId) {
        return facts.computeIfAbsent(mailboxId, _ -> new TreeMap<>());
    }

    /** Forgets what is kept of a mailbox's end: something changed it beside the appends. */
    void dropTail(long mailboxId) {
        head.tails().remove(mailboxId);
    }

    /** Shows a block that an earlier step of a large command has written. */
    void showStaged(long mailboxId, Block block) {
        delta.blocksOf(mailboxId).put(block);
        stagedBefore.computeIfAbsent(mailboxId, _ -> new HashSet<>()).add(block.key());
    }

    /** Writes a block that a later step shows. */
    void stage(long mailboxId, Block block) {
        put(Tables.block(mailboxId, block.key()), BlockCodec.encode(block, catalog().keywords()));
    }

    /** Puts what was collected. Returns false when the command wrote nothing. */
    boolean finish() {
        for (Map.Entry<Long, BlockChange> changed : delta.blocks().entrySet())
            putBlocks(changed.getKey(), changed.getValue());
        facts.forEach(
                (mailboxId, byKey) ->
                        byKey.forEach((key, value) -> write(Tables.facts(mailboxId, key), value)));
        for (long mailboxId : attributesChanged) {
            Optional<MailboxRow> row = catalog().get(mailboxId);
            row.ifPresent(r -> put(Tables.mailbox(mailboxId), r.attributes().toBytes()));
        }
        for (Optional<MailboxRow> row : delta.mailboxes().values())
            row.ifPresent(r -> put(Tables.counts(r.id()), r.counts().toBytes()));
        if (delta.accountChanged()) put(Tables.account(), catalog().account().toBytes());
        if (entries > 0) catalog().version(version());
        return entries > 0;
    }

    private void putBlocks(long mailboxId, BlockChange change) {
        Set<Long> staged = stagedBefore.getOrDefault(mailboxId, Set.of());
        change.byKey()
                .forEach(
                        (key, block) -> {
                            if (staged.contains(key)) return;
                            write(
                                    Tables.block(mailboxId, key),
                                    block.map(b -> BlockCodec.encode(b, catalog().keywords())));
                        });
    }

    private void write(Key key, Optional<byte[]> value) {
        if (value.isPresent()) put(key, value.get());
        else delete(key);
    }
}
