package mansio.serve.dmarcreports;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Rounds;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.serve.dmarcreports.Addressees.Decision;
import mansio.state.directory.Directory;
import mansio.state.dmarcstore.Observations;
import mansio.state.dmarcstore.OwedReport;
import mansio.state.dmarcstore.OwedReports;
import mansio.state.dmarcstore.OwedReports.Sending;
import mansio.state.dmarcstore.PlannedReport;
import mansio.state.dsn.Readers;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.BlobWriter;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.story.Stories;
import mansio.state.story.StoryLine;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateWriter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends the reports of the days that are over, each some time in the first hours of the next day;
 * after a time in which the server did not run, those that were left. Two threads, which {@link
 * #close} ends: one brings counts to the disk each minute, one sends.
 *
 * <p>No report is sent twice: it is noted as which message it is about to be sent, and the story of
 * a message is written with its entry in the queue. A report has the null reverse-path, so that
 * nothing is ever told about it.
 */
public final class ReportSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReportSender.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofHours(1);

    /** The last counts of a day have come to the disk. */
    private static final Duration EARLIEST = Duration.ofMinutes(10);

    /** Not all servers of the world are to send at midnight. */
    private static final int SPREAD_SECONDS = 4 * 3600;

    private final Kept kept;
    private final Addressees addressees;
    private final SenderSettings settings;
    private final Time time;
    private final Rounds rounds;

    /** When it is tried again, by {@link Time#nanos}. Touched by the sending thread only. */
    private final Map<Long, Long> notBefore = new HashMap<>();

    /** What it works on. */
    public record Kept(
            Observations observations,
            OwedReports owed,
            Directory directory,
            Queue queue,
            Stories stories,
            Blobs blobs) {}

    public ReportSender(
            Kept kept, ReportDestinations destinations, SenderSettings settings, Time time) {
        this.kept = kept;
        this.addressees = new Addressees(destinations, time);
        this.settings = settings;
        this.time = time;
        this.rounds = new Rounds(time);
    }

    /** Starts the threads; what an earlier run left is sent soon. */
    public void start(Threads threads) {
        threads.start("dmarc-counts", () -> rounds(kept.observations()::flush));
        threads.start("dmarc-reports", () -> rounds(this::round));
    }

    /** What a thread does again and again. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    private void rounds(Task task) {
        while (rounds.pause(EVERY)) {
            attempt(task);
        }
    }

    private static void attempt(Task task) {
        try {
            task.run();
        } catch (IOException e) {
            log.atWarn().log("DMARC reports wait for a minute: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("DMARC reports met an error of ours; tried again");
        }
    }

    /** One round, for tests too. */
    void round() throws IOException {
        Optional<Address> from = from();
        if (from.isEmpty()) {
            return; // Without a domain there is nobody who could report.
        }
        Set<Long> met = new HashSet<>();
        for (PlannedReport planned : kept.owed().planned()) {
            met.add(planned.report().series());
            if (isTimeFor(planned.report())) {
                alone(planned.report(), () -> recover(planned, from.get()));
            }
        }
        List<OwedReport> page = kept.owed().over(time.now(), Optional.empty());
        while (!page.isEmpty()) {
            for (OwedReport report : page) {
                if (rounds.isClosed()) {
                    return;
                }
                met.add(report.series());
                if (isDue(report) && isTimeFor(report)) {
                    alone(report, () -> attempt(report, from.get()));
                }
            }
            page = kept.owed().over(time.now(), Optional.of(page.getLast()));
        }
        notBefore.keySet().retainAll(met);
    }

    /** A domain of ours: the one that is configured, else the one nearest to the host's name. */
    private Optional<Address> from() throws IOException {
        if (settings.from().isPresent()) {
            return settings.from();
        }
        Domain host = settings.hostname();
        List<Domain> ours = kept.directory().domains();
        return ours.stream()
                .filter(host::isWithin)
                .findFirst()
                .or(() -> ours.stream().findFirst())
                .map(it -> Address.of(SenderSettings.LOCAL_PART, it));
    }

    private boolean isDue(OwedReport report) {
        int spread = Math.floorMod(report.published().domain().hashCode(), SPREAD_SECONDS);
        return !time.now().isBefore(report.end().plus(EARLIEST).plusSeconds(spread));
    }

    private boolean isTimeFor(OwedReport report) {
        Long again = notBefore.get(report.series());
        return again == null || time.nanos() - again >= 0;
    }

    /** One that meets an error of ours keeps no other waiting, and is given up when it is old. */
    private void alone(OwedReport report, Task task) throws IOException {
        try {
            task.run();
        } catch (RuntimeException e) {
            boolean old = time.now().isAfter(report.end().plus(Addressees.WAIT_FOR_ANY));
            log.atError()
                    .addKeyValue("domain", report.published().domain())
                    .setCause(e)
                    .log("a DMARC report met an error of ours{}", old ? " and is given up" : "");
            notBefore.put(report.series(), time.deadline(AGAIN));
            if (old) {
                kept.owed().forget(report);
            }
        }
    }

    private void attempt(OwedReport report, Address from) throws IOException {
        switch (addressees.decide(report)) {
            case Decision.Later() -> notBefore.put(report.series(), time.deadline(AGAIN));
            case Decision.Never(String reason) -> {
                log.atInfo()
                        .addKeyValue("domain", report.published().domain())
                        .addKeyValue("reason", reason)
                        .log("a DMARC report goes to nobody");
                kept.owed().forget(report);
            }
            case Decision.Send(List<ReportUri> to) -> {
                Optional<PlannedReport> planned = kept.owed().plan(report, to, fresh());
                if (planned.isPresent()) {
                    send(planned.get(), from);
                }
            }
        }
    }

    private Sending fresh() {
        return new Sending(kept.queue().newId().value(), time.now());
    }

    /** Planned by a run that ended before it could say that it was sent. */
    private void recover(PlannedReport planned, Address from) throws IOException {
        QueueId id = new QueueId(planned.queueId());
        boolean sent =
                kept.queue().find(id).isPresent()
                        || kept.stories().byQueueId(id.value(), planned.planned()).isPresent();
        if (sent) {
            kept.owed().forget(planned.report());
        } else {
            send(kept.owed().plan(planned, fresh()), from);
        }
    }

    private void send(PlannedReport planned, Address from) throws IOException {
        OwedReport owed = planned.report();
        List<Row> rows = kept.owed().rows(owed);
        if (rows.isEmpty()) {
            log.atWarn()
                    .addKeyValue("domain", owed.published().domain())
                    .addKeyValue("messages", owed.folded())
                    .log("a DMARC report has no rows and is not sent");
        } else {
            AggregateReport report = report(planned, rows, from);
            byte[] file = AggregateWriter.gzip(report);
            List<Address> to = fitting(planned.to(), file.length);
            if (to.size() < planned.to().size()) {
                log.atInfo()
                        .addKeyValue("domain", owed.published().domain())
                        .addKeyValue("size", file.length)
                        .log("a DMARC report is too large for some of its readers");
            }
            List<Recipient> recipients = recipients(to);
            if (recipients.isEmpty()) {
                log.atInfo()
                        .addKeyValue("domain", owed.published().domain())
                        .addKeyValue("size", file.length)
                        .log("a DMARC report is too large for all its readers, or they are gone");
            } else {
                QueueId id = new QueueId(planned.queueId());
                String messageId = "report." + id + "@" + settings.hostname().text();
                accept(
                        planned,
                        new ReportMessage(from, to, messageId, planned.planned(), report, file),
                        recipients);
            }
        }
        kept.owed().forget(owed);
    }

    /** RFC 7489 section 6.4: the size counts after compression, before the transfer encoding. */
    private static List<Address> fitting(List<ReportUri> to, int bytes) {
        return to.stream()
                .filter(it -> it.maxBytes().isEmpty() || bytes <= it.maxBytes().getAsLong())
                .flatMap(it -> it.address().stream())
                .distinct()
                .toList();
    }

    private List<Recipient> recipients(List<Address> to) throws IOException {
        List<Recipient> recipients = new ArrayList<>();
        for (Address address : to) {
            recipients.addAll(Readers.of(kept.directory(), address));
        }
        return recipients.subList(0, Math.min(recipients.size(), QueueEntry.MAX_RECIPIENTS));
    }

    private AggregateReport report(PlannedReport planned, List<Row> rows, Address from) {
        OwedReport owed = planned.report();
        String submitter = from.domain().orElseThrow().text();
        List<String> errors =
                owed.folded() == 0
                        ? List.of()
                        : List.of(owed.folded() + " messages are in no row: there were too many");
        return new AggregateReport(
                new Metadata(
                        submitter,
                        from.toWire(),
                        "",
                        new QueueId(planned.queueId()) + "@" + submitter,
                        owed.begin(),
                        owed.end().minusSeconds(1),
                        errors),
                owed.published(),
                rows);
    }

    private void accept(PlannedReport planned, ReportMessage message, List<Recipient> recipients)
            throws IOException {
        byte[] bytes = message.bytes();
        String domain = planned.report().published().domain();
        boolean utf8 = message.to().stream().anyMatch(Address::needsUtf8);
        String host = settings.hostname().text();
        Envelope envelope =
                new Envelope(
                        Optional.empty(),
                        Body.EIGHT_BIT_MIME,
                        utf8,
                        new Source("", host, "", Optional.empty(), "dmarc-report").own());
        StoryLine line =
                new StoryLine(
                        planned.planned(), "received", "made here", "DMARC report to " + domain);
        try (BlobWriter blob = kept.blobs().create()) {
            blob.write(bytes, 0, bytes.length);
            blob.finish();
            QueueEntry entry =
                    new QueueEntry(
                            new QueueId(planned.queueId()),
                            planned.planned(),
                            envelope,
                            Content.of(blob.id(), bytes.length),
                            message.messageId(),
                            recipients);
            kept.queue().accept(entry, List.of(line), Optional.empty());
        }
        log.atInfo()
                .addKeyValue("qid", new QueueId(planned.queueId()))
                .addKeyValue("domain", domain)
                .addKeyValue("rows", planned.report().rows())
                .log("a DMARC report goes out");
    }

    /** Ends the threads, and brings to the disk what was counted last. */
    @Override
    public void close() {
        rounds.close();
        attempt(kept.observations()::flush);
    }
}
