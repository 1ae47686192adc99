package mansio.state.dsn;

import mansio.codec.message.Header;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Directory;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.queue.Reports;
import mansio.state.store.Blobs;
import mansio.state.store.Content;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Tells senders what became of their mail. Never a null reverse-path, never a stranger, of delays
 * never a list, a bulk sender or a program. Safe for use by any thread.
 */
public final class SenderReports implements Reports {
    private final Directory directory;
    private final Blobs blobs;
    private final Domain hostname;
    private final RandomGenerator random;
    private final Advices advices = Advices.read();

    /**
     * @param hostname the server's, the reporting MTA
     * @param random makes boundaries that no message can know: a {@code SecureRandom} outside of
     *     tests
     */
    public SenderReports(
            Directory directory, Blobs blobs, Domain hostname, RandomGenerator random) {
        this.directory = directory;
        this.blobs = blobs;
        this.hostname = hostname;
        this.random = random;
    }

    @Override
    public Optional<QueueEntry> about(Occasion occasion) throws IOException {
        Optional<Audience> audience = Audience.of(occasion, directory);
        if (audience.isEmpty()) return Optional.empty();
        Original original = Original.of(occasion.entry(), blobs);
        if (occasion.kind() == Kind.DELAYED && isAutomatic(original.fields())) {
            return Optional.empty();
        }
        Address to = audience.get().to();
        List<Recipient> recipients = Readers.of(directory, to);
        if (recipients.isEmpty()) return Optional.empty();
        ReportMessage.Made made =
                ReportMessage.of(occasion, original, audience.get(), origin(occasion, to));
        Envelope envelope =
                new Envelope(
                        Optional.empty(),
                        Body.EIGHT_BIT_MIME,
                        made.smtpUtf8(),
                        new Source("", hostname.text(), "", Optional.empty(), "report").own());
        return Optional.of(
                new QueueEntry(
                        occasion.reportId(),
                        occasion.now(),
                        envelope,
                        made.content(),
                        made.messageId(),
                        recipients));
    }

    @Override
    public Optional<QueueEntry> simplyAbout(Occasion occasion) throws IOException {
        Optional<Audience> audience = Audience.of(occasion, directory);
        // A delay can go untold; that mail was lost cannot.
        if (audience.isEmpty() || occasion.kind() == Kind.DELAYED) return Optional.empty();
        List<Recipient> recipients = Readers.of(directory, audience.get().to());
        if (recipients.isEmpty()) return Optional.empty();
        SimpleReport report = new SimpleReport(occasion, audience.get(), hostname.text());
        Envelope envelope =
                new Envelope(
                        Optional.empty(),
                        Body.SEVEN_BIT,
                        false,
                        new Source("", hostname.text(), "", Optional.empty(), "report").own());
        return Optional.of(
                new QueueEntry(
                        occasion.reportId(),
                        occasion.now(),
                        envelope,
                        new Content(List.of(new Content.Inline(report.bytes()))),
                        report.messageId(),
                        recipients));
    }

    /** Nobody waits for these, and a list would pass the notice on to all its readers. */
    private static boolean isAutomatic(Header header) {
        if (header.count("List-Id") + header.count("List-Unsubscribe") > 0) return true;
        String precedence = header.value("Precedence").orElse("").strip().toLowerCase(Locale.ROOT);
        if (List.of("bulk", "list", "junk").contains(precedence)) return true;
        String submitted = header.value("Auto-Submitted").orElse("no").strip();
        return !submitted.toLowerCase(Locale.ROOT).startsWith("no");
    }

    private ReportMessage.Origin origin(Occasion occasion, Address to) throws IOException {
        String unique = occasion.reportId() + "." + Long.toUnsignedString(random.nextLong(), 36);
        Address from = Address.of("mailer-daemon", homeOf(occasion, to));
        return new ReportMessage.Origin(from, hostname.text(), unique, advices);
    }

    /** A domain of ours that the reader knows, so that the report can be authenticated as ours. */
    private Domain homeOf(Occasion occasion, Address to) throws IOException {
        Optional<Domain> readers = to.domain();
        if (readers.isPresent() && directory.isLocal(readers.get())) return readers.get();
        for (Recipient recipient : occasion.told()) {
            Optional<Domain> domain = recipient.forwardPath().domain();
            if (domain.isPresent() && directory.isLocal(domain.get())) return domain.get();
        }
        return hostname;
    }
}
