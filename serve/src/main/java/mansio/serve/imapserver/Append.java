package mansio.serve.imapserver;

import mansio.codec.imap.AppendParser;
import mansio.codec.imap.AppendParser.AppendMessage;
import mansio.codec.imap.BadCommandException;
import mansio.codec.imap.Command;
import mansio.codec.imap.CommandInput;
import mansio.codec.imap.LiteralHeader;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.message.MessageParser;
import mansio.state.mailbox.Derivation;
import mansio.state.mailbox.Derived;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.MailLimits;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.NewMessage;
import mansio.state.mailbox.Placed;
import mansio.state.mailbox.QuotaUse;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * APPEND: RFC 9051 section 6.3.12, RFC 3502, RFC 3516 section 4.4, RFC 6855 section 4. Octets go to
 * disk as they come, and are parsed on their way; all messages of one command appear at once or not
 * at all.
 */
final class Append {
    /**
     * What the messages before one may keep in memory: hundreds of large messages, thousands of
     * small ones. All of it is needed to the end, since all appear at once.
     */
    private static final long KEPT_BYTES = 16 << 20;

    /** What a message keeps beside its facts, header and buffers, about. */
    private static final long KEPT_ALWAYS = 1 << 10;

    private final Call call;
    private final CommandInput in;
    private final AppendParser parser;
    private final List<BlobWriter> blobs = new ArrayList<>();
    private final List<NewMessage> messages = new ArrayList<>();
    private long bytes;
    private long kept;

    private Append(Call call, CommandInput in) {
        this.call = call;
        this.in = in;
        this.parser = new AppendParser(in);
    }

    /**
     * Reads the rest of the command.
     *
     * @throws BadCommandException when the grammar is broken; the rest has to be skipped then, as
     *     it has to after every reply but OK
     */
    static Reply handle(Call call, Command.Append command, CommandInput in)
            throws IOException, BadCommandException {
        Append append = new Append(call, in);
        try {
            return append.run(command);
        } finally {
            for (BlobWriter blob : append.blobs) {
                blob.close();
            }
        }
    }

    private Reply run(Command.Append command) throws IOException, BadCommandException {
        // Asked before the first octet is: RFC 9051 section 6.3.12, TRYCREATE.
        Optional<MailboxInfo> mailbox = MailboxNames.find(call.session(), command.mailbox());
        for (Optional<AppendMessage> next = parser.next(); next.isPresent(); next = parser.next()) {
            if (mailbox.isEmpty()) {
                return Replies.TRY_CREATE;
            }
            Optional<Reply> refused = read(next.get());
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        Placed placed =
                call.session()
                        .mail()
                        .append(mailbox.orElseThrow().id(), messages, call.session().quotaLimit());
        return switch (placed) {
            case Placed.Done done ->
                    Reply.ok(
                            new ResponseCode.AppendUid(done.uidValidity(), UidRanges.of(done.to())),
                            "Appended");
            case Placed.Refused(Placed.Reason reason) -> Replies.of(reason);
        };
    }

    /** One message; what speaks against it is said before its octets are asked for. */
    private Optional<Reply> read(AppendMessage message) throws IOException, BadCommandException {
        LiteralHeader literal = message.literal();
        Optional<Flags> flags = MessageFlags.of(message.flags());
        Optional<Reply> refused = refusal(literal);
        if (refused.isPresent()) {
            return refused;
        }
        if (flags.isEmpty()) {
            return Optional.of(Replies.TOO_MANY_KEYWORDS);
        }
        BlobWriter blob = call.session().rooms().blobs().create();
        blobs.add(blob);
        in.begin(literal);
        Octets octets = new Octets(blob);
        copy(literal.length(), octets);
        parser.endMessage();
        if (octets.nul && literal.kind() == LiteralHeader.Kind.TEXT) {
            return Optional.of(Replies.NUL_IN_LITERAL);
        }
        if (octets.trouble.isPresent()) {
            throw octets.trouble.get();
        }
        blob.finish();
        OffsetDateTime now =
                OffsetDateTime.ofInstant(call.session().environment().time().now(), ZoneOffset.UTC);
        Derived derived = Derivation.of(octets.structure.finish());
        kept += KEPT_ALWAYS + blob.stagedBytes() + bytes(derived);
        messages.add(
                new NewMessage(
                        Content.of(blob.id(), literal.length()),
                        derived,
                        flags.get(),
                        message.internalDate().orElse(now)));
        return Optional.empty();
    }

    private static long bytes(Derived derived) {
        long thread = derived.thread().baseSubject().length();
        for (String id : derived.thread().messageIds()) {
            thread += id.length();
        }
        return derived.facts().length + derived.headers().length + 2 * thread;
    }

    private Optional<Reply> refusal(LiteralHeader literal) throws IOException {
        SessionState session = call.session();
        if (literal.length() > session.settings().limits().appendBytes()) {
            return Optional.of(Replies.MESSAGE_TOO_BIG);
        }
        if (messages.size() >= MailLimits.DEFAULT.appendMessages() || kept > KEPT_BYTES) {
            return Optional.of(Replies.TOO_MUCH_AT_ONCE);
        }
        bytes += literal.length();
        QuotaUse more = new QuotaUse(bytes, messages.size() + 1);
        boolean fits = session.mail().quota().allows(session.quotaLimit(), more);
        return fits ? Optional.empty() : Optional.of(Replies.OVER_QUOTA);
    }

    private void copy(long length, Octets to) throws IOException {
        byte[] buffer = call.session().environment().buffers().lease();
        try {
            for (long left = length; left > 0; ) {
                int now = (int) Math.min(buffer.length, left);
                in.read(buffer, 0, now);
                to.write(buffer, now);
                left -= now;
            }
        } finally {
            call.session().environment().buffers().giveBack(buffer);
        }
    }

    /** Where a message's octets go. Trouble with the disk is kept, for the rest must be read. */
    private static final class Octets {
        private final BlobWriter blob;
        private final MessageParser structure = new MessageParser();
        private Optional<IOException> trouble = Optional.empty();
        private boolean nul;

        Octets(BlobWriter blob) {
            this.blob = blob;
        }

        void write(byte[] from, int length) {
            for (int i = 0; i < length; i++) {
                nul |= from[i] == 0;
            }
            structure.feed(from, 0, length);
            if (trouble.isEmpty()) {
                try {
                    blob.write(from, 0, length);
                } catch (IOException e) {
                    trouble = Optional.of(e);
                }
            }
        }
    }
}
