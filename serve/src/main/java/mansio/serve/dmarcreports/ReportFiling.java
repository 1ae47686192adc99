package mansio.serve.dmarcreports;

import mansio.codec.message.MessageParser;
import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.dmarcstore.ReceivedFailure;
import mansio.state.dmarcstore.ReceivedReport;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.dmarcstore.ReceivedReports.Filed;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.store.Blobs;
import mansio.state.store.ContentReader;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.FeedbackReport;
import mansio.trust.dmarcreport.ReportLimits;
import mansio.trust.dmarcreport.ReportMail;
import mansio.trust.psl.PublicSuffixes;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Reads reports about our domains when they are delivered. What is a report, and came to an address
 * that is nobody's but the role of every domain, is filed and ends there; all else is delivered as
 * any mail, be it filed or not: nonsense and bombs are for a person to look at. Safe for use by any
 * thread; one report is read at a time, which bounds memory.
 */
public final class ReportFiling {
    private static final Logger log = LoggerFactory.getLogger(ReportFiling.class);
    private static final String POSTMASTER = "postmaster";

    /** A larger message has no report that we would read. */
    private static final int MAX_BYTES = 20 << 20;

    private static final int MAX_HEADER = 64 << 10;
    private static final Duration OLDEST = Duration.ofDays(40);
    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration AHEAD = Duration.ofDays(2);

    private final Places places;
    private final Settings settings;
    private final Time time;
    private final ReentrantLock reading = new ReentrantLock();

    /** Null until the first report: commands that only look need none. Guarded by the lock. */
    private @Nullable PublicSuffixes suffixes;

    /** When old reports were last dropped. Guarded by the lock. */
    private Instant dropped = Instant.EPOCH;

    /** What it works on. */
    public record Places(ReceivedReports received, Directory directory, Blobs blobs) {}

    /**
     * Facts.
     *
     * @param hostname that stands in our Authentication-Results
     * @param address where reports come besides {@code dmarc-reports} and {@code postmaster}
     */
    public record Settings(Domain hostname, Optional<Address> address) {}

    public ReportFiling(Places places, Settings settings, Time time) {
        this.places = places;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Files the message when it is a report.
     *
     * @param recipient whose action is to deliver
     * @return one line for the story when nobody gets the message any more; empty: it is to be
     *     delivered
     * @throws IOException when it cannot be done now
     */
    public Optional<String> take(QueueEntry entry, Recipient recipient) throws IOException {
        Address to = recipient.forwardPath();
        if (!isForReports(to) || entry.content().length() > MAX_BYTES) {
            return Optional.empty();
        }
        Optional<String> filed = filed(entry);
        return filed.isPresent() && isNobodys(to, recipient.action()) ? filed : Optional.empty();
    }

    private boolean isForReports(Address to) {
        String local = to.localPart().text();
        return Ascii.equalsIgnoreCase(local, Directory.DMARC_REPORTS)
                || Ascii.equalsIgnoreCase(local, POSTMASTER)
                || settings.address().filter(to::equals).isPresent();
    }

    /** True when the domain's admin has it for want of anybody else. */
    private boolean isNobodys(Address to, Action action) throws IOException {
        if (!(action instanceof Action.Deliver deliver)
                || !Ascii.equalsIgnoreCase(to.localPart().text(), Directory.DMARC_REPORTS)) {
            return false;
        }
        Optional<Account> account = places.directory().account(deliver.account());
        return places.directory().route(to) instanceof Route.Ours ours
                && ours.targets().size() == 1
                && ours.forwards().isEmpty()
                && ours.targets().getFirst().account().equals(deliver.account())
                && isRole(ours.targets().getFirst())
                && account.filter(
                                it -> it.address().equals(ours.targets().getFirst().finalAddress()))
                        .isEmpty();
    }

    /** An alias would have led to another address. */
    private static boolean isRole(Route.Target target) {
        return Ascii.equalsIgnoreCase(
                target.finalAddress().localPart().text(), Directory.DMARC_REPORTS);
    }

    private Optional<String> filed(QueueEntry entry) throws IOException {
        reading.lock();
        try {
            byte[] bytes = bytes(entry);
            ReportMail.Content content = ReportMail.read(bytes, ReportLimits.USUAL);
            Optional<Domain> sender = sender(entry, bytes);
            return switch (content) {
                case ReportMail.Content.Aggregate(AggregateReport report) ->
                        aggregate(report, sender);
                case ReportMail.Content.Feedback(FeedbackReport report) ->
                        failure(entry, report, sender.isPresent());
                case ReportMail.Content.Nothing _ -> Optional.empty();
            };
        } catch (RuntimeException e) {
            // A report that meets an error of ours is still mail, and somebody is to see it.
            log.atError().addKeyValue("qid", entry.id()).setCause(e).log("a report is not read");
            return Optional.empty();
        } finally {
            reading.unlock();
        }
    }

    private byte[] bytes(QueueEntry entry) throws IOException {
        byte[] bytes = new byte[(int) entry.content().length()];
        ContentReader in = new ContentReader(places.blobs(), entry.content());
        int length = 0;
        int read = 0;
        while (read >= 0 && length < bytes.length) {
            length += read;
            read = in.read(bytes, length, bytes.length - length);
        }
        return bytes;
    }

    private Optional<String> aggregate(AggregateReport report, Optional<Domain> sender)
            throws IOException {
        Optional<Domain> ours = ours(Stream.of(report.published().domain()));
        Instant now = time.now();
        AggregateReport.Metadata about = report.metadata();
        boolean timely =
                about.begin().isAfter(now.minus(OLDEST))
                        && about.begin().isBefore(now.plus(AHEAD))
                        && about.end().isBefore(now.plus(AHEAD));
        if (ours.isEmpty() || !timely) {
            return Optional.empty();
        }
        if (Duration.between(dropped, now).abs().compareTo(DAILY) > 0) {
            places.received().forgetOld(now);
            dropped = now;
        }
        ReceivedReport received = Digest.of(ours.get(), report, sender);
        Filed filed = places.received().file(received);
        return filed == Filed.TOO_MANY
                ? Optional.empty()
                : Optional.of("filed as a DMARC report on " + ours.get());
    }

    private Optional<String> failure(QueueEntry entry, FeedbackReport report, boolean known)
            throws IOException {
        Stream<String> names =
                Stream.concat(report.domains().stream(), Stream.of(report.failure().dkimDomain()));
        Optional<Domain> ours = ours(names);
        if (ours.isEmpty() || !report.type().equals("auth-failure")) {
            return Optional.empty();
        }
        ReceivedFailure failure =
                new ReceivedFailure(
                        ours.get(),
                        time.now(),
                        Digest.bounded(report.failure().kind()),
                        report.source().map(InetAddress::getHostAddress).orElse(""),
                        Digest.bounded(report.mailFrom().orElse("")),
                        known);
        Filed _ = places.received().file(failure, entry.id().value());
        return Optional.of("filed as a DMARC failure report on " + ours.get());
    }

    /**
     * Who it is from, when that is known: the organization whose DMARC record the mail passes, and
     * not the name that a report gives itself, for anybody who has a domain can write any name.
     * What our checks said stands in the first field, and nowhere else: forged ones were cut.
     */
    private Optional<Domain> sender(QueueEntry entry, byte[] bytes) {
        Envelope.Source source = entry.envelope().source();
        return switch (source.right()) {
            // Made here; what people here send is from no receiver.
            case OWN ->
                    source.client().isEmpty() ? Optional.of(settings.hostname()) : Optional.empty();
            // That the reverse-path is true says nothing about the author.
            case FOREIGN, VERIFIED ->
                    source.protocol().startsWith("LMTP") ? Optional.empty() : author(bytes);
        };
    }

    private Optional<Domain> author(byte[] bytes) {
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, MAX_HEADER));
        return MessageParser.parse(head)
                .header()
                .first(AuthenticationResults.FIELD)
                .flatMap(AuthenticationResults::of)
                .filter(it -> Ascii.equalsIgnoreCase(it.authservId(), settings.hostname().text()))
                .flatMap(
                        it ->
                                it.of("dmarc").stream()
                                        .filter(dmarc -> dmarc.result().equals("pass"))
                                        .findFirst())
                .flatMap(it -> it.property("header", "from"))
                .flatMap(Domain::tryParse)
                .map(it -> suffixes().organizational(it).orElse(it));
    }

    private PublicSuffixes suffixes() {
        PublicSuffixes known = suffixes;
        if (known == null) {
            known = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
            suffixes = known;
        }
        return known;
    }

    /** The first domain of ours that is one of these, or has one of these. */
    private Optional<Domain> ours(Stream<String> names) throws IOException {
        List<Domain> domains = names.flatMap(it -> Domain.tryParse(it).stream()).toList();
        for (Domain domain : domains) {
            for (Optional<Domain> at = Optional.of(domain);
                    at.isPresent();
                    at = at.get().parent()) {
                if (places.directory().isLocal(at.get())) {
                    return at;
                }
            }
        }
        return Optional.empty();
    }
}
