package mansio.serve.rehearsal;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.FlushingSource;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandParser;
import mansio.codec.smtp.ContentGate;
import mansio.codec.smtp.DotReader;
import mansio.codec.smtp.ForwardPath;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.smtp.Strictness;
import mansio.codec.text.Address;
import mansio.net.listen.Connection;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A session of the strict receiver (RFC 5321): it takes nothing that breaks the grammar, the
 * sequence or the promises of the extensions, and tolerates nothing. Owned by the connection's
 * thread.
 */
final class ReceiverSession {
    /** RFC 5321 section 6.3. */
    private static final int MAX_RECEIVED_FIELDS = 100;

    private static final int MAX_COMMANDS = 100;
    private static final int MAX_ERRORS = 5;
    private static final int MAX_RECIPIENTS = 100;
    private static final Reply EIGHT_BIT_UNSAID =
            new Reply(554, "5.6.1", "There are octets above 127, and BODY=8BITMIME was not said");
    private static final Reply BROKEN_GRAMMAR =
            new Reply(501, "5.5.4", "This breaks the grammar of RFC 5321");

    private final Connection connection;
    private final StrictReceiver.Terms terms;
    private final Function<Visit, String> taken;
    private final LineReader in;
    private final ByteSink out;
    private String ehlo = "";
    private int commands;
    private int errors;

    /** Null outside of a mail transaction. */
    private Command.@Nullable Mail mail;

    private final List<Address> recipients = new ArrayList<>();

    /**
     * @param taken is given what has come, and names it: the name is the end of the last reply
     */
    ReceiverSession(
            Connection connection,
            StrictReceiver.Terms terms,
            BufferPool buffers,
            Function<Visit, String> taken) {
        this.connection = connection;
        this.terms = terms;
        this.taken = taken;
        this.out = connection.out();
        this.in = new LineReader(new FlushingSource(connection.in(), out), buffers, BareLf.REFUSED);
    }

    private enum Next {
        COMMAND,
        CONTENT,
        TLS,
        END
    }

    /** Serves the session to its end, which comes at the receiver's deadline at the latest. */
    void run() throws IOException {
        try {
            connection.deadline(terms.endNanos());
            say(new Reply(220, "", terms.name() + " ESMTP"));
            Next next = Next.COMMAND;
            while (next != Next.END) {
                next =
                        switch (next) {
                            case COMMAND -> command();
                            case CONTENT -> content();
                            case TLS -> tls();
                            case END -> Next.END;
                        };
            }
            out.flush();
        } finally {
            in.release();
        }
    }

    private Next command() throws IOException {
        Reply reply;
        Next next = Next.COMMAND;
        switch (in.readLine(CommandParser.MAX_LINE)) {
            case Line.Text(byte[] bytes) -> {
                Command command = CommandParser.parse(bytes, Strictness.STRICT);
                reply = answer(command);
                next = next(command, reply);
            }
            case Line.TooLong _ -> reply = Replies.LINE_TOO_LONG;
            case Line.BareLineFeed _ -> reply = Replies.BARE_LINE_FEED_IN_COMMAND;
            case Line.End _ -> {
                return Next.END;
            }
        }
        return ++commands > MAX_COMMANDS ? hangUp() : said(reply, next);
    }

    private static Next next(Command command, Reply reply) {
        return switch (command) {
            case Command.Data _ when reply.code() == Replies.START_DATA.code() -> Next.CONTENT;
            case Command.StartTls _ when reply.isPositive() -> Next.TLS;
            case Command.Quit _ -> Next.END;
            default -> Next.COMMAND;
        };
    }

    private Next said(Reply reply, Next next) throws IOException {
        say(reply);
        if (!reply.isPermanent()) return next;
        return ++errors > MAX_ERRORS ? hangUp() : next;
    }

    private Next hangUp() throws IOException {
        say(Replies.TOO_MANY_ERRORS);
        return Next.END;
    }

    private void say(Reply reply) throws IOException {
        reply.writeTo(out);
    }

    private Reply answer(Command command) {
        return switch (command) {
            case Command.Ehlo(String client) -> hello(client);
            case Command.Mail it -> mail(it);
            case Command.Rcpt it -> rcpt(it);
            case Command.Data _ -> data();
            case Command.Rset _ -> {
                reset();
                yield Replies.OK;
            }
            case Command.StartTls _ -> startTls();
            case Command.Noop _ -> Replies.OK;
            case Command.Quit _ -> Replies.BYE;
            case Command.Malformed _ -> BROKEN_GRAMMAR;
            case Command.Helo _,
                    Command.Lhlo _,
                    Command.Bdat _,
                    Command.Vrfy _,
                    Command.Expn _,
                    Command.Help _,
                    Command.Auth _,
                    Command.Unknown _ ->
                    Replies.NOT_HERE;
        };
    }

    private Reply hello(String client) {
        reset();
        ehlo = client;
        List<String> lines = new ArrayList<>();
        lines.add(terms.name());
        lines.add("PIPELINING");
        lines.add("SIZE " + terms.maxBytes());
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        if (connection.canStartTls()) lines.add("STARTTLS");
        return new Reply(250, "", lines);
    }

    private Reply startTls() {
        if (connection.tls().isPresent()) return Replies.TLS_ALREADY;
        return connection.canStartTls() ? Replies.READY_FOR_TLS : Replies.TLS_NOT_AVAILABLE;
    }

    /** RFC 3207 section 4.2: what was said before counts no more, and nothing may come ahead. */
    private Next tls() throws IOException {
        int injected = in.discardBuffered();
        out.flush();
        if (injected > 0) return Next.END;
        connection.startTls();
        reset();
        ehlo = "";
        return Next.COMMAND;
    }

    private Reply mail(Command.Mail command) {
        if (ehlo.isEmpty()) return Replies.NEED_EHLO;
        if (mail != null) return Replies.NESTED_MAIL;
        MailParameters parameters = command.parameters();
        if (!parameters.dsn().equals(MailParameters.Dsn.NONE) || parameters.requireTls()) {
            return Replies.UNSUPPORTED_PARAMETER; // Not offered.
        }
        if (parameters.size().orElse(0) > terms.maxBytes()) return Replies.TOO_LARGE;
        boolean utf8 = command.reversePath().filter(Address::needsUtf8).isPresent();
        if (utf8 && !parameters.smtpUtf8()) return Replies.NON_ASCII_SENDER;
        mail = command;
        return Replies.SENDER_OK;
    }

    private Reply rcpt(Command.Rcpt command) {
        if (mail == null) return Replies.NEED_MAIL;
        if (!(command.forwardPath() instanceof ForwardPath.To(Address to))) {
            return Replies.NO_SUCH_USER;
        }
        if (to.needsUtf8() && !mail.parameters().smtpUtf8()) return Replies.NON_ASCII_RECIPIENT;
        if (recipients.size() == MAX_RECIPIENTS) return Replies.TOO_MANY_RECIPIENTS;
        recipients.add(to);
        return Replies.RECIPIENT_OK;
    }

    private Reply data() {
        if (mail == null) return Replies.NEED_MAIL;
        return recipients.isEmpty() ? Replies.NEED_RCPT : Replies.START_DATA;
    }

    private void reset() {
        mail = null;
        recipients.clear();
    }

    /** Reads to the final dot, whatever becomes of the message. */
    private Next content() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        ContentGate gate =
                new ContentGate(
                        new Kept(kept),
                        new ContentGate.Limits(terms.maxBytes(), MAX_RECEIVED_FIELDS));
        DotReader dots = new DotReader(gate);
        while (!dots.ended()) {
            ByteBuffer ahead = in.peek();
            if (!ahead.hasRemaining()) return Next.END;
            int offset = ahead.arrayOffset() + ahead.position();
            in.consume(dots.read(ahead.array(), offset, ahead.remaining()));
        }
        gate.end();
        Reply reply = verdict(gate).orElseGet(() -> take(kept.toByteArray()));
        reset();
        return said(reply, Next.COMMAND);
    }

    private Optional<Reply> verdict(ContentGate gate) {
        Optional<Reply> refusal =
                gate.refusal()
                        .map(
                                it ->
                                        switch (it) {
                                            case TOO_MANY_HOPS -> Replies.TOO_MANY_HOPS;
                                            case TOO_LARGE -> Replies.TOO_LARGE;
                                            case BARE_LINE_BREAK -> Replies.BARE_LINE_BREAK;
                                        });
        if (refusal.isPresent()) return refusal;
        boolean said =
                mail != null && mail.parameters().body() == MailParameters.Body.EIGHT_BIT_MIME;
        // RFC 6152 section 3; SMTPUTF8 needs it besides (RFC 6531 section 3.1).
        return gate.eightBit() && !said ? Optional.of(EIGHT_BIT_UNSAID) : Optional.empty();
    }

    private Reply take(byte[] bytes) {
        Optional<Address> reversePath = mail == null ? Optional.empty() : mail.reversePath();
        Visit visit = new Visit(ehlo, connection.tls(), reversePath, recipients, bytes);
        return new Reply(250, "2.0.0", "Ok, arrived as " + taken.apply(visit));
    }

    /** What passes the gate, which bounds it. */
    private record Kept(ByteArrayOutputStream bytes) implements ByteSink {
        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void flush() {
            // Nothing waits.
        }
    }
}
