package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Tally;
import mansio.state.store.BlobId;
import mansio.state.store.Entry;
import mansio.state.store.Finding;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One walk over the tables of an account. Used once, by one thread. */
final class AccountCheck {
    private static final int PAGE = 500;
    private static final int MAX_FINDINGS = 100;

    private final Reads reads;
    private final BlockCodec codec = new BlockCodec();
    private final Catalog catalog;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<BlobId> blobs = new HashSet<>();
    private long factRows;

    AccountCheck(Reads reads) throws IOException {
        this.reads = reads;
        this.catalog = Catalog.load(reads);
    }

    List<Finding> findings() {
        return findings;
    }

    /** The blobs that e-mails refer to. */
    Set<BlobId> blobs() {
        return blobs;
    }

    void run() throws IOException {
        QuotaUse sum = QuotaUse.NOTHING;
        for (MailboxRow mailbox : catalog.all()) {
            checkMailbox(mailbox);
            Tally tally = mailbox.counts().tally();
            sum = new QuotaUse(sum.bytes() + tally.size(), sum.messages() + tally.messages());
        }
        if (!sum.equals(catalog.account().use()))
            damage("the account counts " + catalog.account().use() + ", its mailboxes " + sum);
        each(Range.prefix(Key.table(Tables.FACTS)), this::checkFacts);
        checkEmails();
        checkOwners();
    }

    private void damage(String text) {
        if (findings.size() < MAX_FINDINGS) findings.add(Finding.damage(text));
    }

    private void waste(String text) {
        if (findings.size() < MAX_FINDINGS) findings.add(Finding.waste(text));
    }

    private interface Visitor {
        void visit(Entry entry) throws IOException;
    }

    private void each(Range range, Visitor visitor) throws IOException {
        Range rest = range;
        while (true) {
            Page page = reads.scan(rest, Reads.Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            for (Entry entry : page.entries()) visitor.visit(entry);
            if (!page.more()) return;
            rest = new Range(page.entries().getLast().key().u8(0), range.to());
        }
    }

    private void checkMailbox(MailboxRow mailbox) throws IOException {
        String name = "mailbox " + mailbox.id();
        UidSet.Builder live = new UidSet.Builder();
        Tally[] tally = {Tally.NOTHING};
        long[] last = {0};
        long uidNext = mailbox.counts().uidNext();
        each(
                new Range(Tables.block(mailbox.id(), 0), Tables.block(mailbox.id(), uidNext)),
                entry -> {
                    long key = Tables.uidOf(entry.key());
                    if (key <= last[0]) damage(name + ": block " + key + " begins too early");
                    Block block = codec.decode(key, entry.value(), catalog.keywords());
                    for (int row = 0; row < block.rows(); row++) {
                        if (block.uid(row) <= last[0] || block.uid(row) >= uidNext)
                            damage(name + ": UID " + block.uid(row) + " out of order");
                        if (block.modSeq(row) > mailbox.counts().highestModSeq())
                            damage(name + ": MODSEQ of UID " + block.uid(row) + " too high");
                        last[0] = block.uid(row);
                        live.add(last[0]);
                        tally[0] = tally[0].plus(Tally.of(block.flags(row), block.size(row)));
                    }
                });
        if (!tally[0].equals(mailbox.counts().tally()))
            damage(name + " counts " + mailbox.counts().tally() + ", has " + tally[0]);
        checkGone(mailbox, live.build());
    }

    /** Live and kept placements have facts, and no others have. */
    private void checkGone(MailboxRow mailbox, UidSet live) throws IOException {
        String name = "mailbox " + mailbox.id();
        UidSet.Builder gone = new UidSet.Builder();
        each(
                Tables.ofMailbox(Tables.GONE, mailbox.id()),
                entry -> {
                    Block rows = GoneTable.Group.read(codec, entry, catalog.keywords()).rows();
                    for (int row = 0; row < rows.rows(); row++) gone.add(rows.uid(row));
                });
        UidSet kept = gone.build();
        if (!kept.and(live).isEmpty()) damage(name + " has and has expunged " + kept.and(live));
        UidSet.Builder facts = new UidSet.Builder();
        each(
                new Range(
                        Tables.facts(mailbox.id(), 0),
                        Tables.facts(mailbox.id(), mailbox.counts().uidNext())),
                entry -> {
                    byte[] rows = entry.value();
                    for (int row = 0; row < FactRows.rows(rows); row++)
                        facts.add(FactRows.uid(rows, row));
                });
        UidSet known = facts.build();
        UidSet wanted = live.or(kept);
        if (!wanted.andNot(known).isEmpty())
            damage(name + " lacks facts of " + wanted.andNot(known));
        if (!known.andNot(wanted).isEmpty())
            waste(name + " keeps facts of " + known.andNot(wanted));
    }

    /** Each row has its place noted. */
    private void checkFacts(Entry entry) throws IOException {
        long mailboxId = entry.key().u32At(1);
        byte[] rows = entry.value();
        List<Key> places = new ArrayList<>();
        for (int row = 0; row < FactRows.rows(rows); row++) {
            places.add(
                    Tables.place(FactRows.emailId(rows, row), mailboxId, FactRows.uid(rows, row)));
        }
        factRows += places.size();
        List<Optional<byte[]>> found = reads.getAll(places);
        for (int i = 0; i < places.size(); i++)
            if (found.get(i).isEmpty())
                damage("mailbox " + mailboxId + ": a placement is not noted at its e-mail");
    }

    private void checkEmails() throws IOException {
        long[] places = {0};
        Set<Long> placed = new HashSet<>();
        each(
                Range.prefix(Key.table(Tables.PLACES)),
                entry -> {
                    places[0]++;
                    placed.add(entry.key().u64At(1));
                });
        if (places[0] != factRows)
            damage(factRows + " placements, but " + places[0] + " noted at e-mails");
        Set<Long> seen = new HashSet<>();
        long[] uses = {0};
        each(
                Range.prefix(Key.table(Tables.EMAIL)),
                entry -> {
                    long emailId = entry.key().u64At(1);
                    if (!seen.add(emailId)) return;
                    if (!placed.contains(emailId)) waste("e-mail " + emailId + " is nowhere");
                    for (Email email : EmailTable.read(reads, List.of(emailId)))
                        for (BlobId blob : email.content().blobs()) {
                            blobs.add(blob);
                            uses[0]++;
                            if (reads.get(Tables.blobUse(blob, emailId)).isEmpty())
                                damage("e-mail " + emailId + " is not noted at its blob");
                        }
                });
        placed.removeAll(seen);
        if (!placed.isEmpty()) damage("e-mails are missing: " + placed);
        each(Range.prefix(Key.table(Tables.BLOBUSE)), _ -> uses[0]--);
        if (uses[0] < 0) waste(-uses[0] + " notes of blobs without e-mail");
    }

    /** Rows of mailboxes that neither exist nor wait for their sweep are waste. */
    private void checkOwners() throws IOException {
        Set<Long> known = new HashSet<>();
        for (MailboxRow mailbox : catalog.all()) known.add(mailbox.id());
        each(
                Range.prefix(Key.table(Tables.DEAD)),
                entry -> {
                    known.add(entry.key().u32At(1));
                });
        for (int table : new int[] {Tables.BLOCK, Tables.FACTS, Tables.GONE}) {
            each(
                    Range.prefix(Key.table(table)),
                    entry -> {
                        long mailboxId = entry.key().u32At(1);
                        if (known.add(mailboxId))
                            waste("rows of mailbox " + mailboxId + ", which is gone");
                    });
        }
    }
}
