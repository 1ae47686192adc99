package mansio.state.mailbox;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.Optional;

/**
 * A mailbox as it is stored: what people set, and what is counted. Two values, because a delivery
 * changes only the second.
 */
record MailboxRow(long id, Attributes attributes, Counts counts) {
    private static final int FORMAT = 1;

    /**
     * @param leaf the last element of the name
     */
    record Attributes(
            long parentId,
            String leaf,
            Optional<SpecialUse> use,
            boolean subscribed,
            long uidValidity) {
        byte[] toBytes() {
            return new ValueWriter()
                    .u8(FORMAT)
                    .varint(parentId)
                    .text(leaf)
                    .u8(use.map(SpecialUse::code).orElse(0))
                    .flag(subscribed)
                    .varint(uidValidity)
                    .toBytes();
        }

        static Attributes ofBytes(byte[] bytes) {
            ValueReader in = new ValueReader(bytes);
            int format = in.u8();
            if (format != FORMAT) throw new IllegalStateException("mailbox format " + format);
            long parentId = in.varint();
            String leaf = in.text();
            int use = in.u8();
            return new Attributes(
                    parentId,
                    leaf,
                    use == 0 ? Optional.empty() : Optional.of(SpecialUse.ofCode(use)),
                    in.flag(),
                    in.varint());
        }

        Attributes at(long newParentId, String newLeaf) {
            return new Attributes(newParentId, newLeaf, use, subscribed, uidValidity);
        }

        Attributes subscribed(boolean now) {
            return new Attributes(parentId, leaf, use, now, uidValidity);
        }
    }

    /** What a group of placements adds to the counts; negative numbers for those that go. */
    record Tally(int messages, int unseen, int deleted, long size, long deletedSize) {
        static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

        static Tally of(Flags flags, long size) {
            boolean deleted = flags.has(SystemFlag.DELETED);
            return new Tally(
                    1,
                    flags.has(SystemFlag.SEEN) ? 0 : 1,
                    deleted ? 1 : 0,
                    size,
                    deleted ? size : 0);
        }

        Tally plus(Tally more) {
            return new Tally(
                    messages + more.messages,
                    unseen + more.unseen,
                    deleted + more.deleted,
                    size + more.size,
                    deletedSize + more.deletedSize);
        }

        Tally minus(Tally less) {
            return plus(
                    new Tally(
                            -less.messages,
                            -less.unseen,
                            -less.deleted,
                            -less.size,
                            -less.deletedSize));
        }
    }

    /**
     * @param recentFrom UIDs from here on were not told to any session
     * @param goneFloor the highest MODSEQ of which expunged placements were purged
     */
    record Counts(Tally tally, long uidNext, long highestModSeq, long recentFrom, long goneFloor) {
        static Counts empty(long version) {
            return new Counts(Tally.NOTHING, 1, version, 1, 0);
        }

        byte[] toBytes() {
            return new ValueWriter()
                    .u8(FORMAT)
                    .varint(tally.messages)
                    .varint(tally.unseen)
                    .varint(tally.deleted)
                    .varint(tally.size)
                    .varint(tally.deletedSize)
                    .varint(uidNext)
                    .varint(highestModSeq)
                    .varint(recentFrom)
                    .varint(goneFloor)
                    .toBytes();
        }

        static Counts ofBytes(byte[] bytes) {
            ValueReader in = new ValueReader(bytes);
            int format = in.u8();
            if (format != FORMAT) throw new IllegalStateException("counts format " + format);
            Tally tally = new Tally(in.count(), in.count(), in.count(), in.varint(), in.varint());
            return new Counts(tally, in.varint(), in.varint(), in.varint(), in.varint());
        }

        Counts changed(Tally now, long modSeq) {
            return new Counts(now, uidNext, modSeq, recentFrom, goneFloor);
        }

        Counts withUidNext(long next) {
            return new Counts(tally, next, highestModSeq, recentFrom, goneFloor);
        }

        Counts withRecentFrom(long uid) {
            return new Counts(tally, uidNext, highestModSeq, Math.max(recentFrom, uid), goneFloor);
        }

        Counts withGoneFloor(long modSeq) {
            return new Counts(
                    tally, uidNext, highestModSeq, recentFrom, Math.max(goneFloor, modSeq));
        }
    }

    MailboxRow with(Attributes now) {
        return new MailboxRow(id, now, counts);
    }

    MailboxRow with(Counts now) {
        return new MailboxRow(id, attributes, now);
    }

    MailboxCounts toStatus() {
        Tally tally = counts.tally;
        return new MailboxCounts(
                tally.messages,
                tally.unseen,
                tally.deleted,
                tally.size,
                tally.deletedSize,
                counts.uidNext,
                attributes.uidValidity,
                counts.highestModSeq);
    }
}
