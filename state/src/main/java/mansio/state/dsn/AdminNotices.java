package mansio.state.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.MailDate;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Directory;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.Content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Mail of the server to whoever looks after it: with the null reverse-path, so that nothing is ever
 * told about it. Safe for use by any thread.
 */
public final class AdminNotices {
    private final Directory directory;
    private final Domain hostname;

    public AdminNotices(Directory directory, Domain hostname) {
        this.directory = directory;
        this.hostname = hostname;
    }

    /**
     * What is said.
     *
     * @param about the domain it concerns; when it is ours its admin reads it, else the server's
     * @param subject without control characters
     * @param lines without line ends
     */
    public record Notice(Optional<Domain> about, String subject, List<String> lines) {
        public Notice {
            lines = List.copyOf(lines);
        }
    }

    /** The notice as an entry of the queue; empty when nobody here looks after anything. */
    public Optional<QueueEntry> entry(QueueId id, Instant now, Notice notice) throws IOException {
        Optional<Domain> domain = domain(notice.about());
        if (domain.isEmpty()) return Optional.empty();
        Address to = Address.of("postmaster", domain.get());
        List<Recipient> recipients = Readers.of(directory, to);
        if (recipients.isEmpty()) return Optional.empty();
        String messageId = "notice." + id + "@" + hostname.text();
        Envelope envelope =
                new Envelope(
                        Optional.empty(),
                        Body.EIGHT_BIT_MIME,
                        to.needsUtf8(),
                        new Source("", hostname.text(), "", Optional.empty(), "notice").own());
        Content content =
                new Content(List.of(new Content.Inline(message(to, messageId, now, notice))));
        return Optional.of(new QueueEntry(id, now, envelope, content, messageId, recipients));
    }

    /** A domain of ours: the one that it is about, else the one nearest to the host's name. */
    private Optional<Domain> domain(Optional<Domain> about) throws IOException {
        if (about.isPresent() && directory.isLocal(about.get())) return about;
        if (directory.isLocal(hostname)) return Optional.of(hostname);
        List<Domain> ours = directory.domains();
        return ours.stream()
                .filter(it -> hostname.text().endsWith("." + it.text()))
                .findFirst()
                .or(() -> ours.stream().findFirst());
    }

    private static byte[] message(Address to, String messageId, Instant now, Notice notice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 << 10);
        Address from = Address.of("mailer-daemon", to.domain().orElseThrow());
        field(out, "From", FieldPrinter.mailbox("Mail server", from));
        field(out, "To", "<" + to.toWire() + ">");
        out.writeBytes(FieldPrinter.unstructured("Subject", notice.subject()));
        field(out, "Date", MailDate.format(now.atOffset(ZoneOffset.UTC)));
        field(out, "Message-ID", "<" + messageId + ">");
        // RFC 3834 section 5.
        field(out, "Auto-Submitted", "auto-generated");
        field(out, "MIME-Version", "1.0");
        field(out, "Content-Type", "text/plain; charset=utf-8");
        field(out, "Content-Transfer-Encoding", "8bit");
        out.writeBytes(("\r\n" + String.join("\r\n", notice.lines()) + "\r\n").getBytes(UTF_8));
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.writeBytes(FieldPrinter.structured(name, List.of(value)));
    }
}
