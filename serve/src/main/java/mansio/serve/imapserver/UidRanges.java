package mansio.serve.imapserver;

import mansio.codec.imap.NumberRanges;
import mansio.state.mailbox.UidSet;

/** UIDs between what the wire says and what the mailbox room keeps. */
final class UidRanges {
    private UidRanges() {}

    static NumberRanges of(UidSet uids) {
        NumberRanges.Builder ranges = new NumberRanges.Builder();
        uids.forEachRange(ranges::addRange);
        return ranges.build();
    }

    static UidSet set(NumberRanges ranges) {
        UidSet.Builder uids = new UidSet.Builder();
        for (int i = 0; i < ranges.rangeCount(); i++) {
            long first = Math.max(1, ranges.first(i));
            uids.addRange(first, Math.min(UidSet.MAX_UID, ranges.last(i)));
        }
        return uids.build();
    }
}
