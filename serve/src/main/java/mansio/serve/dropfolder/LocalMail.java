package mansio.serve.dropfolder;

import mansio.codec.message.EncodedWords;
import mansio.codec.text.Address;
import mansio.codec.text.SyntaxException;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Outcome;
import mansio.serve.inbound.Reception;
import mansio.serve.inbound.Transaction;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.dsn.Undelivered;
import mansio.state.dsn.Undelivered.Failed;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.QueueId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a message of a dropped file and gives it to the queue. What cannot go on becomes a notice
 * to the user who sent it. Safe for use by any thread.
 */
final class LocalMail {
    private static final Logger log = LoggerFactory.getLogger(LocalMail.class);
    private static final int BUFFER = 64 << 10;
    private static final String TOO_LARGE = "The message is larger than this server takes.";

    /** Of the header, in a report. */
    private static final int MAX_BROUGHT_BACK = 16 << 10;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Names names;
    private final Inbound inbound;

    LocalMail(Names names, Inbound inbound) {
        this.names = names;
        this.inbound = inbound;
    }

    /**
     * Brings the message of a file into the queue, under the file's id; or a notice, under the same
     * id, when nobody gets the message. When this returns the file is not needed any more.
     *
     * @throws IOException when it cannot be done now: the file is to be kept
     */
    void accept(Dropped dropped) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        dropped.file(),
                        Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = file.size(); // Its writer may go on writing, at no profit.
            InputStream in = stream(file, size);
            DropHead head;
            try {
                head = DropHead.read(in);
            } catch (SyntaxException e) {
                log.atWarn()
                        .addKeyValue("user", dropped.user().name())
                        .log("a file in the drop folder is none of sendmail's: {}", e.getMessage());
                return;
            }
            boolean tooLarge = size > inbound.maxMessageBytes() + DropHead.MAX_BYTES;
            TextFacts facts = TextFacts.of(tooLarge ? InputStream.nullInputStream() : in);
            // The same again, now for the queue: what was read before is only whether it is text.
            file.position(0);
            InputStream again = stream(file, size);
            DropHead.read(again);
            LocalLines lines = new LocalLines(again);
            Text text = new Text(LocalHeader.read(lines), lines, facts);
            if (tooLarge) notice(dropped, dropped.id(), text, all(head, "5.3.4", TOO_LARGE));
            else accept(dropped, head, text);
        }
    }

    private static InputStream stream(FileChannel file, long size) {
        InputStream all = Channels.newInputStream(file);
        return new BufferedInputStream(new FirstBytes(all, size), BUFFER);
    }

    /** The first so many bytes of a stream. */
    private static final class FirstBytes extends InputStream {
        private final InputStream all;
        private long left;

        FirstBytes(InputStream all, long left) {
            this.all = all;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) return -1;
            int n = all.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }
    }

    /** A message: its header, the lines behind it that were not read yet, and what kind it is. */
    private record Text(LocalHeader header, LocalLines body, TextFacts facts) {}

    private void accept(Dropped dropped, DropHead head, Text text) throws IOException {
        if (text.header().tooLong()) {
            notice(
                    dropped,
                    dropped.id(),
                    text,
                    all(head, "5.6.0", "The header of the message is too long."));
            return;
        }
        List<String> wanted = new ArrayList<>(head.recipients());
        if (head.fromHeader()) wanted.addAll(text.header().recipients());
        Names.Recipients recipients = names.recipients(wanted);
        if (recipients.routed().isEmpty()) {
            List<Failed> why =
                    recipients.unknown().isEmpty()
                            ? List.of(new Failed("", "5.5.0", "It has no recipients."))
                            : recipients.unknown();
            notice(dropped, dropped.id(), text, why);
            return;
        }
        // Before the message: after a crash between the two the sender is told twice, not never.
        if (!recipients.unknown().isEmpty())
            notice(dropped, inbound.newId(), text, recipients.unknown());
        Names.Sender sender = names.sender(dropped.user(), head.sender());
        Transaction transaction =
                transaction(
                        dropped,
                        envelope(dropped, head, sender, text.facts()),
                        recipients.routed().stream().map(it -> wished(it, head)).toList(),
                        sender.note());
        Outcome outcome = receive(transaction, dropped, head, text);
        if (outcome instanceof Outcome.Refused(var refusal))
            notice(
                    dropped,
                    dropped.id(),
                    text,
                    transaction.recipients().stream()
                            .map(
                                    it ->
                                            new Failed(
                                                    it.forwardPath().toWire(),
                                                    refusal.status(),
                                                    refusal.text() + "."))
                            .toList());
    }

    /** Of all the recipients that are known without the header. */
    private static List<Failed> all(DropHead head, String status, String sentence) {
        List<Failed> all =
                head.recipients().stream()
                        .map(it -> new Failed(Names.oneLine(it), status, sentence))
                        .toList();
        return all.isEmpty() ? List.of(new Failed("", status, sentence)) : all;
    }

    private static RoutedRecipient wished(RoutedRecipient recipient, DropHead head) {
        return new RoutedRecipient(recipient.forwardPath(), recipient.route(), head.wish());
    }

    private Outcome receive(Transaction transaction, Dropped dropped, DropHead head, Text text)
            throws IOException {
        LocalHeader.Author author =
                new LocalHeader.Author(
                        head.name(), names.own(dropped.user().name()), names.domain());
        try (Reception reception = inbound.begin(transaction, dropped.id())) {
            byte[] header = text.header().completed(author, text.facts().charset());
            reception.write(header, 0, header.length);
            Optional<byte[]> first = text.header().firstBodyLine();
            if (first.isPresent()) writeLine(reception, first.get());
            while (text.body().next()) writeLine(reception, text.body().line());
            return reception.finish();
        }
    }

    private static void writeLine(Reception reception, byte[] line) throws IOException {
        reception.write(line, 0, line.length);
        reception.write(LINE_END, 0, LINE_END.length);
    }

    private static Envelope envelope(
            Dropped dropped, DropHead head, Names.Sender sender, TextFacts facts) {
        return new Envelope(
                sender.reversePath(),
                facts.eightBit() ? Body.EIGHT_BIT_MIME : Body.SEVEN_BIT,
                sender.reversePath().filter(Address::needsUtf8).isPresent(),
                source(dropped),
                new Envelope.Wishes(head.envid(), head.ret(), false));
    }

    private static Envelope.Source source(Dropped dropped) {
        return new Envelope.Source(
                "local", dropped.user().name(), "local", Optional.empty(), dropped.id().toString());
    }

    private static Transaction transaction(
            Dropped dropped,
            Envelope envelope,
            List<RoutedRecipient> recipients,
            Optional<String> note) {
        boolean smtpUtf8 =
                envelope.smtpUtf8()
                        || recipients.stream().anyMatch(it -> it.forwardPath().needsUtf8());
        return new Transaction(
                new Envelope(
                        envelope.reversePath(),
                        envelope.body(),
                        smtpUtf8,
                        envelope.source(),
                        envelope.wishes()),
                new Origin.LocalUser(dropped.user().name(), dropped.user().uid(), note),
                recipients,
                Optional.empty());
    }

    /**
     * Tells the user, who is no forged sender: the system said who it is. With the null
     * reverse-path, so that nothing is ever told about a notice.
     */
    private void notice(Dropped dropped, QueueId id, Text text, List<Failed> why)
            throws IOException {
        Optional<RoutedRecipient> user = names.localUser(dropped.user().name());
        if (user.isEmpty()) {
            log.atWarn()
                    .addKeyValue("user", dropped.user().name())
                    .log("nobody can be told that mail was not sent: {}", why);
            return;
        }
        Envelope envelope =
                new Envelope(Optional.empty(), Body.EIGHT_BIT_MIME, false, source(dropped));
        Transaction transaction =
                transaction(dropped, envelope, List.of(user.get()), Optional.empty());
        try (Reception reception = inbound.begin(transaction, id)) {
            byte[] message = report(user.get().forwardPath(), id, text, why);
            reception.write(message, 0, message.length);
            if (reception.finish() instanceof Outcome.Refused(var refusal))
                log.atWarn()
                        .addKeyValue("user", dropped.user().name())
                        .log("a notice was refused: {}", refusal.text());
        }
    }

    private byte[] report(Address to, QueueId id, Text text, List<Failed> why) throws IOException {
        String subject = EncodedWords.decode(text.header().subject()).replaceAll("\\p{Cntrl}", " ");
        byte[] header = text.header().original(MAX_BROUGHT_BACK);
        return new Undelivered(to, names.hostname(), "report." + id, why, header)
                .message(names.domain(), subject);
    }
}
