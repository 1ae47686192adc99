package mansio.state.mailbox;

import mansio.state.mailbox.Delivery.Attempt;
import mansio.state.mailbox.Delivery.Target;
import mansio.state.store.Entry;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.state.story.StoryLine;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deliveries from the queue and their receipts: docs/design/mailbox.md. No state; any thread. */
final class Deliveries {
    private static final int FORMAT = 1;

    private Deliveries() {}

    static Delivered deliver(Ledger ledger, Delivery delivery) throws IOException {
        EmailTable.Prepared prepared = EmailTable.Prepared.of(delivery.message());
        Instant now = ledger.time().now();
        return ledger.write(work -> deliver(work, delivery, prepared, now));
    }

    private static Delivered deliver(
            Work work, Delivery delivery, EmailTable.Prepared prepared, Instant now)
            throws IOException {
        var key = Tables.receipt(delivery.madeAt(), delivery.queueId(), delivery.part());
        if (delivery.attempt() == Attempt.REPEATED) {
            Optional<byte[]> receipt = work.reads().get(key);
            if (receipt.isPresent()) {
                Delivered before = readReceipt(receipt.get()).delivered();
                return new Delivered(before.mailboxId(), before.uid(), before.emailId(), true);
            }
        }
        long emailId = EmailTable.insert(work, prepared);
        long mailboxId = 0;
        long uid = 0;
        for (Map.Entry<Long, Flags> target : targets(work, delivery).entrySet()) {
            Flags flags = delivery.message().flags().plus(target.getValue());
            NewPlacement placement = prepared.placement(emailId, work.learnWhatFits(flags), now);
            long there = work.append(target.getKey(), placement);
            if (uid == 0) {
                mailboxId = target.getKey();
                uid = there;
            }
        }
        Delivered delivered = new Delivered(mailboxId, uid, emailId, false);
        work.put(key, receipt(delivered, delivery.line()));
        return delivered;
    }

    /** The mailboxes that exist, each once, in the order asked for; INBOX for those that do not. */
    private static Map<Long, Flags> targets(Work work, Delivery delivery) {
        Map<Long, Flags> targets = new LinkedHashMap<>();
        for (Target target : delivery.targets()) {
            Optional<MailboxRow> row =
                    target.mailboxId() == Target.JUNK
                            ? work.catalog().find(SpecialUse.JUNK)
                            : work.mailbox(target.mailboxId());
            long mailboxId =
                    row.or(() -> work.catalog().find(MailboxName.INBOX)).orElseThrow().id();
            targets.merge(mailboxId, target.flags(), Flags::plus);
        }
        return targets;
    }

    private static byte[] receipt(Delivered delivered, StoryLine line) {
        ValueWriter out =
                new ValueWriter()
                        .u8(FORMAT)
                        .varint(delivered.mailboxId())
                        .varint(delivered.uid())
                        .varint(delivered.emailId());
        line.writeTo(out);
        return out.toBytes();
    }

    private static Receipt readReceipt(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("receipt format " + format);
        Delivered delivered = new Delivered(in.varint(), in.varint(), in.varint(), false);
        return new Receipt(delivered, StoryLine.readFrom(in));
    }

    static Optional<Receipt> receipt(Reads reads, Instant madeAt, long queueId) throws IOException {
        Range parts =
                new Range(
                        Tables.receipt(madeAt, queueId, 0),
                        Tables.receipt(madeAt, queueId, Integer.MAX_VALUE));
        List<Entry> found =
                reads.scan(parts, Reads.Direction.FORWARD, 1, Reads.MAX_SCAN_BYTES).entries();
        return found.stream().findFirst().map(entry -> readReceipt(entry.value()));
    }

    static void drop(Ledger ledger, Instant madeBefore) throws IOException {
        Range range = Tables.receiptsBefore(madeBefore);
        boolean none =
                ledger.partition()
                        .scan(range, Reads.Direction.FORWARD, 1, Reads.MAX_SCAN_BYTES)
                        .entries()
                        .isEmpty();
        if (none) return;
        ledger.writeFreeing(
                work -> {
                    work.deleteRange(range);
                    return true;
                });
    }
}
