package mansio.state.dmarcstore;

import mansio.codec.text.Domain;
import mansio.state.dmarcstore.ReceivedReport.Names;
import mansio.state.dmarcstore.ReceivedReport.Others;
import mansio.state.dmarcstore.ReceivedReport.Reporter;
import mansio.state.dmarcstore.ReceivedReport.Source;
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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What others told of our domains, in the partition of reports. Each value begins with a format
 * number. Days are those that a report is about, or on which a failure was told.
 *
 * <pre>
 * 10 day u32, domain (length u8 first), hash 16   -> a report
 * 11 day u32, domain (length u8 first)            -> how many reports: authenticated, others
 * 11 day u32, domain (length u8 first), hash 16   -> how many of one who is authenticated, 0
 * 12 day u32, domain (length u8 first), queue id  -> a failure
 * 13 day u32, domain (length u8 first)            -> how many failures
 * </pre>
 *
 * Safe for use by any thread.
 */
public final class ReceivedReports {
    /** Reports of a domain and day by who is known. */
    public static final int MAX_AUTHENTICATED = 1_000;

    /** The same by one of them: whoever has a domain is known, and is not to keep others out. */
    public static final int MAX_OF_ONE = 50;

    /** Reports of a domain and day by others: anybody can send these. */
    public static final int MAX_OTHERS = 50;

    /** Failures of a domain and day that are kept; more are counted. */
    public static final int MAX_FAILURES = 100;

    private static final Duration KEPT = Duration.ofDays(400);
    private static final int FORMAT = 1;
    private static final int PAGE = 200;
    private static final int MAX_SOURCE_BYTES = 48 << 10;
    private static final Key REPORTS = Key.table(10);
    private static final Key REPORT_COUNTS = Key.table(11);
    private static final Key FAILURES = Key.table(12);
    private static final Key FAILURE_COUNTS = Key.table(13);

    private final Partition partition;

    /**
     * @param partition {@link mansio.state.store.PartitionId#REPORTS}
     */
    public ReceivedReports(Partition partition) {
        this.partition = partition;
    }

    /** What became of a report. */
    public enum Filed {
        NEW,
        /** It is there already: mail comes twice now and then. */
        KNOWN,
        /** There are too many of its domain and day. */
        TOO_MANY
    }

    /** Files a report; of the same organization and id there is one. */
    public Filed file(ReceivedReport report) throws IOException {
        int day = DomainDay.dayOf(report.begin());
        Reporter from = report.from();
        byte[] id =
                new ValueWriter()
                        .flag(from.authenticated())
                        .text(from.organization())
                        .text(from.id())
                        .toBytes();
        Key key = place(REPORTS, day, report.domain()).raw(OwedReports.hash(id));
        Key counts = place(REPORT_COUNTS, day, report.domain());
        byte[] name = from.organization().getBytes(StandardCharsets.UTF_8);
        Key ofOne = counts.raw(OwedReports.hash(name));
        return partition.write(
                turn -> {
                    if (turn.get(key).isPresent()) {
                        return Filed.KNOWN;
                    }
                    Counts known = counts(turn, counts);
                    Counts one = counts(turn, ofOne);
                    if (!known.hasRoom(from)
                            || (from.authenticated() && one.authenticated() >= MAX_OF_ONE)) {
                        return Filed.TOO_MANY;
                    }
                    if (from.authenticated()) {
                        turn.put(ofOne, one.and(from).encode());
                    }
                    turn.put(key, encode(report));
                    turn.put(counts, known.and(from).encode());
                    return Filed.NEW;
                });
    }

    /** Reports of a domain and day. */
    private record Counts(long authenticated, long others) {
        boolean hasRoom(Reporter from) {
            return from.authenticated() ? authenticated < MAX_AUTHENTICATED : others < MAX_OTHERS;
        }

        Counts and(Reporter from) {
            return from.authenticated()
                    ? new Counts(authenticated + 1, others)
                    : new Counts(authenticated, others + 1);
        }

        byte[] encode() {
            return new ValueWriter().u8(FORMAT).varint(authenticated).varint(others).toBytes();
        }
    }

    private static Counts counts(Turn turn, Key key) throws IOException {
        return turn.get(key)
                .map(ReceivedReports::reader)
                .map(it -> new Counts(it.varint(), it.varint()))
                .orElseGet(() -> new Counts(0, 0));
    }

    /**
     * Files a failure.
     *
     * @param queueId of the message that told of it, which may be brought twice
     */
    public Filed file(ReceivedFailure failure, long queueId) throws IOException {
        int day = DomainDay.dayOf(failure.came());
        Key key = place(FAILURES, day, failure.domain()).u64(queueId);
        Key counts = place(FAILURE_COUNTS, day, failure.domain());
        return partition.write(
                turn -> {
                    if (turn.get(key).isPresent()) {
                        return Filed.KNOWN;
                    }
                    long known = turn.get(counts).map(it -> reader(it).varint()).orElse(0L);
                    if (known < MAX_FAILURES) {
                        turn.put(key, encode(failure));
                    }
                    turn.put(counts, new ValueWriter().u8(FORMAT).varint(known + 1).toBytes());
                    return Filed.NEW;
                });
    }

    /**
     * Days.
     *
     * @param last whose day is the last
     * @param count at least 1
     */
    public record Days(Instant last, int count) {
        int first() {
            return Math.max(end() - count, 0);
        }

        /** Not included. */
        int end() {
            return DomainDay.dayOf(last) + 1;
        }
    }

    /** Shows each report of a domain, by days. */
    public void reports(Domain domain, Days days, Consumer<ReceivedReport> each)
            throws IOException {
        for (int day = days.first(); day < days.end(); day++) {
            for (Entry entry : all(place(REPORTS, day, domain))) {
                each.accept(report(domain, reader(entry.value())));
            }
        }
    }

    /**
     * What is known of failures.
     *
     * @param count all of them
     * @param newest of those that are kept, the newest day first
     */
    public record Failures(long count, List<ReceivedFailure> newest) {
        public Failures {
            newest = List.copyOf(newest);
        }
    }

    /** The failures of a domain. */
    public Failures failures(Domain domain, Days days, int max) throws IOException {
        long count = 0;
        List<ReceivedFailure> newest = new ArrayList<>();
        for (int day = days.end() - 1; day >= days.first(); day--) {
            count +=
                    partition
                            .get(place(FAILURE_COUNTS, day, domain))
                            .map(it -> reader(it).varint())
                            .orElse(0L);
            if (newest.size() < max) {
                all(place(FAILURES, day, domain)).stream()
                        .limit(max - newest.size())
                        .map(it -> failure(domain, reader(it.value())))
                        .forEach(newest::add);
            }
        }
        return new Failures(count, newest);
    }

    private List<Entry> all(Key prefix) throws IOException {
        List<Entry> all = new ArrayList<>();
        Range range = Range.prefix(prefix);
        boolean more = true;
        while (more) {
            Page page = partition.scan(range, Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            all.addAll(page.entries());
            more = page.more();
            if (more) {
                range = new Range(page.entries().getLast().key().next(), range.to());
            }
        }
        return all;
    }

    /** Drops what is older than 400 days. Called now and then. */
    public void forgetOld(Instant now) throws IOException {
        int before = DomainDay.dayOf(now.minus(KEPT));
        partition.writeFreeing(
                turn -> {
                    for (Key table : List.of(REPORTS, REPORT_COUNTS, FAILURES, FAILURE_COUNTS)) {
                        turn.deleteRange(new Range(table.u32(0), table.u32(before)));
                    }
                    return true;
                });
    }

    private static Key place(Key table, int day, Domain domain) {
        byte[] name = domain.text().getBytes(StandardCharsets.UTF_8);
        return table.u32(day).u8(name.length).raw(name);
    }

    private static byte[] encode(ReceivedReport report) {
        Reporter from = report.from();
        ValueWriter out =
                new ValueWriter()
                        .u8(FORMAT)
                        .text(from.organization())
                        .text(from.id())
                        .flag(from.authenticated())
                        .instant(report.begin())
                        .instant(report.end());
        ReportRows.write(out, report.published());
        List<Source> sources = new ArrayList<>();
        long passed = report.others().passed();
        long failed = report.others().failed();
        ValueWriter kept = new ValueWriter();
        for (Source it : report.sources()) {
            if (sources.size() < ReceivedReport.MAX_SOURCES && kept.length() < MAX_SOURCE_BYTES) {
                sources.add(it);
                write(kept, it);
            } else {
                passed += it.passed() ? it.count() : 0;
                failed += it.passed() ? 0 : it.count();
            }
        }
        return out.varint(sources.size())
                .raw(kept.toBytes())
                .varint(passed)
                .varint(failed)
                .toBytes();
    }

    private static void write(ValueWriter out, Source it) {
        out.bytes(it.address().getAddress())
                .varint(it.count())
                .u8(ReportRows.code(it.disposition()))
                .flag(it.dkimAligned())
                .flag(it.spfAligned())
                .text(it.names().dkim())
                .text(it.names().spf())
                .flag(it.names().signedByUs());
    }

    private static ReceivedReport report(Domain domain, ValueReader in) {
        Reporter from = new Reporter(in.text(), in.text(), in.flag());
        Instant begin = in.instant();
        Instant end = in.instant();
        var published = ReportRows.published(in);
        List<Source> sources = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            sources.add(
                    new Source(
                            ReportRows.address(in.bytes()),
                            in.varint(),
                            ReportRows.policy(in),
                            in.flag(),
                            in.flag(),
                            new Names(in.text(), in.text(), in.flag())));
        }
        Others others = new Others(in.varint(), in.varint());
        return new ReceivedReport(domain, from, begin, end, published, sources, others);
    }

    private static byte[] encode(ReceivedFailure failure) {
        return new ValueWriter()
                .u8(FORMAT)
                .instant(failure.came())
                .text(failure.kind())
                .text(failure.source())
                .text(failure.mailFrom())
                .flag(failure.authenticated())
                .toBytes();
    }

    private static ReceivedFailure failure(Domain domain, ValueReader in) {
        return new ReceivedFailure(
                domain, in.instant(), in.text(), in.text(), in.text(), in.flag());
    }

    private static ValueReader reader(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) {
            throw new IllegalStateException("report of format " + format);
        }
        return in;
    }
}
