package mansio.state.dmarcstore;

import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Reads.Direction;
import mansio.state.store.Turn;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.Row;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The reports that others are to get, on disk in the partition of reports. Each value begins with a
 * format number.
 *
 * <pre>
 * 1 day u32, domain       -> the report that grows
 * 2 series u64, hash 16   -> a row of it and its count
 * 3 series u64            -> a report that is being sent; its row of table 1 is gone
 * 4 day u32               -> how many domains were met on that day
 * </pre>
 *
 * Safe for use by any thread.
 */
public final class OwedReports {
    /** Rows of one report. */
    public static final int MAX_ROWS = 10_000;

    /** Domains of one day. */
    public static final int MAX_DOMAINS = 5_000;

    /** Rows of one write: with the largest rows it stays within what a write may have. */
    private static final int CHUNK = 100;

    private static final int PAGE = 500;
    private static final int FORMAT = 1;
    private static final int HASH_BYTES = 16;
    private static final Key GROWING = Key.table(1);
    private static final Key ROWS = Key.table(2);
    private static final Key SENDING = Key.table(3);
    private static final Key DOMAINS = Key.table(4);

    private final Partition partition;

    /**
     * @param partition {@link mansio.state.store.PartitionId#REPORTS}
     */
    public OwedReports(Partition partition) {
        this.partition = partition;
    }

    /**
     * Adds counts; what was written is taken out of {@code tally}, so that after a failure the rest
     * can be added later.
     *
     * @return false when the day has too many domains: nothing was added
     */
    boolean add(DomainDay of, Tally tally) throws IOException {
        List<Row> waiting = new ArrayList<>(tally.rows().keySet());
        boolean first = true;
        for (int from = 0; first || from < waiting.size(); from += CHUNK) {
            List<Row> some = waiting.subList(from, Math.min(from + CHUNK, waiting.size()));
            long folded = first ? tally.folded() : 0;
            if (!partition.write(turn -> add(turn, of, tally, new Some(some, folded)))) {
                return false;
            }
            some.forEach(tally.rows()::remove);
            tally.fold(-folded);
            first = false;
        }
        return true;
    }

    /** A part of a tally. */
    private record Some(List<Row> rows, long folded) {}

    private static boolean add(Turn turn, DomainDay of, Tally tally, Some some) throws IOException {
        Key key = growing(of);
        Optional<byte[]> there = turn.get(key);
        if (there.isEmpty() && !countDomain(turn, of.day())) {
            return false;
        }
        OwedReport old = there.map(it -> report(of.day(), reader(it))).orElse(null);
        long series = old == null ? turn.version() : old.series();
        int rows = old == null ? 0 : old.rows();
        long folded = (old == null ? 0 : old.folded()) + some.folded();
        for (Row row : some.rows()) {
            long count = tally.rows().getOrDefault(row, 0L);
            byte[] encoded = ReportRows.encode(row);
            Key at = ROWS.u64(series).raw(hash(encoded));
            Optional<byte[]> known = turn.get(at);
            if (known.isEmpty() && rows == MAX_ROWS) {
                folded += count;
                continue;
            }
            long before = known.map(it -> reader(it).varint()).orElse(0L);
            rows += known.isEmpty() ? 1 : 0;
            turn.put(
                    at, new ValueWriter().u8(FORMAT).varint(before + count).raw(encoded).toBytes());
        }
        turn.put(
                key,
                encode(
                        new OwedReport(
                                series,
                                of.day(),
                                tally.published(),
                                tally.destinations(),
                                rows,
                                folded)));
        return true;
    }

    private static boolean countDomain(Turn turn, int day) throws IOException {
        Key key = DOMAINS.u32(day);
        long known = turn.get(key).map(it -> reader(it).varint()).orElse(0L);
        if (known >= MAX_DOMAINS) {
            return false;
        }
        turn.put(key, new ValueWriter().u8(FORMAT).varint(known + 1).toBytes());
        return true;
    }

    /**
     * Reports of days that are over, oldest first; a page, behind the last one of the page before.
     */
    public List<OwedReport> over(Instant now, Optional<OwedReport> after) throws IOException {
        Key from =
                after.map(it -> growing(new DomainDay(it.day(), it.published().domain())).next())
                        .orElse(GROWING.u32(0));
        Key to = GROWING.u32(DomainDay.dayOf(now));
        if (from.compareTo(to) >= 0) {
            return List.of();
        }
        Page page =
                partition.scan(new Range(from, to), Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
        return page.entries().stream()
                .map(it -> report((int) it.key().u32At(1), reader(it.value())))
                .toList();
    }

    /**
     * Decides to send a report: from now on nothing is added to it, and messages of that day that
     * come late begin another one.
     *
     * @return empty when it has changed since it was read, or is gone
     */
    public Optional<PlannedReport> plan(OwedReport report, List<ReportUri> to, Sending sending)
            throws IOException {
        Key key = growing(new DomainDay(report.day(), report.published().domain()));
        return partition.write(
                turn -> {
                    Optional<OwedReport> now =
                            turn.get(key).map(it -> report(report.day(), reader(it)));
                    if (now.isEmpty() || !now.get().equals(report)) {
                        return Optional.empty();
                    }
                    turn.delete(key);
                    return Optional.of(put(turn, report, to, sending));
                });
    }

    /**
     * As what a report is sent.
     *
     * @param queueId of the message
     * @param planned now
     */
    public record Sending(long queueId, Instant planned) {}

    /** Says that a planned report is sent as another message, because the queue lacks the first. */
    public PlannedReport plan(PlannedReport planned, Sending sending) throws IOException {
        return partition.write(turn -> put(turn, planned.report(), planned.to(), sending));
    }

    private static PlannedReport put(
            Turn turn, OwedReport report, List<ReportUri> to, Sending sending) {
        ValueWriter out = new ValueWriter().u8(FORMAT).varint(report.day());
        writeTo(out, report);
        ReportRows.write(out, to);
        out.u64(sending.queueId()).instant(sending.planned());
        turn.put(SENDING.u64(report.series()), out.toBytes());
        return new PlannedReport(report, to, sending.queueId(), sending.planned());
    }

    /** Reports that were planned and not yet {@link #forget forgotten}; a page of them. */
    public List<PlannedReport> planned() throws IOException {
        Page page =
                partition.scan(
                        Range.prefix(SENDING), Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
        List<PlannedReport> all = new ArrayList<>();
        for (Entry entry : page.entries()) {
            ValueReader in = reader(entry.value());
            OwedReport report = report((int) in.varint(), in);
            all.add(new PlannedReport(report, ReportRows.destinations(in), in.u64(), in.instant()));
        }
        return all;
    }

    /** The rows of a report. */
    public List<Row> rows(OwedReport report) throws IOException {
        List<Row> rows = new ArrayList<>(report.rows());
        Range range = Range.prefix(ROWS.u64(report.series()));
        boolean more = true;
        while (more) {
            Page page = partition.scan(range, Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            for (Entry entry : page.entries()) {
                ValueReader in = reader(entry.value());
                rows.add(ReportRows.decode(in, in.varint()));
            }
            more = page.more();
            if (more) {
                range = new Range(page.entries().getLast().key().next(), range.to());
            }
        }
        return rows;
    }

    /** The report was sent, or nobody may get it: all of it goes away. */
    public void forget(OwedReport report) throws IOException {
        Key growing = growing(new DomainDay(report.day(), report.published().domain()));
        partition.writeFreeing(
                turn -> {
                    Optional<byte[]> there = turn.get(growing);
                    if (there.isPresent()
                            && report(report.day(), reader(there.get())).series()
                                    == report.series()) {
                        turn.delete(growing);
                    }
                    turn.delete(SENDING.u64(report.series()));
                    turn.deleteRange(Range.prefix(ROWS.u64(report.series())));
                    if (report.day() > 0) {
                        // Days before have nothing to count any more.
                        turn.deleteRange(new Range(DOMAINS.u32(0), DOMAINS.u32(report.day())));
                    }
                    return true;
                });
    }

    private static Key growing(DomainDay of) {
        return GROWING.u32(of.day()).text(of.domain());
    }

    private static byte[] encode(OwedReport report) {
        ValueWriter out = new ValueWriter().u8(FORMAT);
        writeTo(out, report);
        return out.toBytes();
    }

    private static void writeTo(ValueWriter out, OwedReport report) {
        out.u64(report.series()).varint(report.rows()).varint(report.folded());
        ReportRows.write(out, report.published());
        ReportRows.write(out, report.destinations());
    }

    private static OwedReport report(int day, ValueReader in) {
        long series = in.u64();
        int rows = in.count();
        long folded = in.varint();
        return new OwedReport(
                series, day, ReportRows.published(in), ReportRows.destinations(in), rows, folded);
    }

    private static ValueReader reader(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) {
            throw new IllegalStateException("report row of format " + format);
        }
        return in;
    }

    static byte[] hash(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
