package mansio.state.mailbox;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

/**
 * The counters of an account. Ids and UIDVALIDITYs only grow.
 *
 * @param nextUidValidity begins at the second of creation, so that an account restored from an old
 *     backup can be moved on
 */
record AccountRow(long nextMailboxId, long nextUidValidity, long nextEmailId, QuotaUse use) {
    private static final int FORMAT = 1;

    AccountRow withMailboxMade() {
        return new AccountRow(nextMailboxId + 1, nextUidValidity + 1, nextEmailId, use);
    }

    AccountRow withEmailMade() {
        return new AccountRow(nextMailboxId, nextUidValidity, nextEmailId + 1, use);
    }

    AccountRow withUse(long moreBytes, long moreMessages) {
        return new AccountRow(
                nextMailboxId,
                nextUidValidity,
                nextEmailId,
                new QuotaUse(use.bytes() + moreBytes, use.messages() + moreMessages));
    }

    byte[] toBytes() {
        return new ValueWriter()
                .u8(FORMAT)
                .varint(nextMailboxId)
                .varint(nextUidValidity)
                .varint(nextEmailId)
                .varint(use.bytes())
                .varint(use.messages())
                .toBytes();
    }

    static AccountRow ofBytes(byte[] bytes) {
        ValueReader in = new ValueReader(bytes);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("account format " + format);
        return new AccountRow(
                in.varint(), in.varint(), in.varint(), new QuotaUse(in.varint(), in.varint()));
    }
}
