package mansio.serve.smtpserver;

import mansio.codec.line.BareLf;
import mansio.codec.line.ByteSink;
import mansio.codec.line.FlushingSource;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandParser;
import mansio.codec.smtp.DotReader;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.net.listen.Connection;
import mansio.net.listen.ConnectionEnding;
import mansio.serve.login.LogInExchange;
import mansio.serve.login.LoggedInSessions;
import mansio.serve.smtpserver.Answer.Next;
import mansio.state.directory.Account;
import mansio.state.store.LowSpaceException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;

/**
 * One SMTP or LMTP session: reads commands and content, asks the handlers, writes what they answer.
 * Nobody else touches the connection. Owned by the connection's thread.
 *
 * <p>Replies leave when the next read would wait for the peer, so that a pipelined group of
 * commands is answered in one piece (RFC 2920). A deadline is set once for each command line and
 * each {@link #BLOCK} of content, never for a single read: a peer that sends one byte a minute does
 * not last longer than one that sends none.
 */
final class SmtpSession {
    /** Octets of content that must come within one {@link SmtpSettings.Limits#blockTimeout}. */
    static final int BLOCK = 16 * 1024;

    private static final Duration FAREWELL = Duration.ofSeconds(10);

    /** How long, and how much, is read after the last word to a client that still sends. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final int MOST_DRAINED = 256 * 1024;

    /**
     * A message that is slower than this on the whole is given up, once it had {@link #HEAD_START}:
     * each holds memory of the store, which is bounded for all together.
     */
    private static final long SLOWEST_BYTES_PER_SECOND = 1024;

    private static final Duration HEAD_START = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);

    private final Connection connection;
    private final Environment environment;
    private final LoggedInSessions loggedIn;
    private final SmtpSettings.Limits limits;
    private final SessionState state;
    private final LineReader in;
    private final ByteSink out;
    private int errors;
    private int talk;

    SmtpSession(
            Connection connection,
            SessionState state,
            Environment environment,
            LoggedInSessions loggedIn) {
        this.connection = connection;
        this.environment = environment;
        this.loggedIn = loggedIn;
        this.state = state;
        this.limits = state.settings().limits();
        this.out = connection.out();
        this.in =
                new LineReader(
                        new FlushingSource(connection.in(), out),
                        environment.buffers(),
                        BareLf.REFUSED);
    }

    /** Serves the session to its end. */
    void run() throws IOException {
        try {
            say(greeting());
            Next next = Next.COMMAND;
            while (next != Next.CLOSE && next != Next.HANG_UP) {
                next = step(next);
            }
            deadline(limits.commandTimeout());
            out.flush();
            if (next == Next.HANG_UP) {
                drain();
            }
        } catch (ConnectionEnding e) {
            end(e);
        } catch (RuntimeException | AssertionError e) {
            LOG.atError().addKeyValue("sid", connection.id()).setCause(e).log("our fault");
            farewell(Replies.OUR_FAULT);
            drain();
        } finally {
            state.endTransaction();
            loggedIn.remove(connection);
            in.release();
        }
    }

    /** RFC 5321 section 3.8: a server that goes away says 421 first. */
    private void end(ConnectionEnding ending) throws IOException {
        switch (ending.why()) {
            case STOPPING -> farewell(Replies.SHUTTING_DOWN);
            case DEADLINE -> {
                farewell(Replies.TIMED_OUT);
                throw ending;
            }
        }
    }

    private void farewell(Reply reply) throws IOException {
        deadline(FAREWELL);
        say(reply);
        out.flush();
    }

    /**
     * Reads on for a while: a socket that is closed with something unread is reset, and the reset
     * takes away the last reply before the peer has read it.
     */
    private void drain() {
        deadline(LINGER);
        try {
            for (int drained = 0; drained < MOST_DRAINED; ) {
                int held = in.peek().remaining();
                if (held == 0) {
                    return;
                }
                in.consume(held);
                drained += held;
            }
        } catch (IOException e) {
            // It had its time to read.
        }
    }

    private Next step(Next next) throws IOException {
        return switch (next) {
            case COMMAND -> command();
            case CONTENT -> content();
            case CHUNK -> chunk();
            case AUTH_RESPONSE -> authResponse();
            case TLS_HANDSHAKE -> tlsHandshake();
            case CLOSE, HANG_UP -> next;
        };
    }

    // RFC 5321 section 4.2: Greeting
    private Reply greeting() {
        String protocol = state.flavour() == Flavour.LMTP ? " LMTP" : " ESMTP";
        return new Reply(220, "", state.settings().hostname().text() + protocol + " Mansio");
    }

    private Next command() throws IOException {
        connection.idle(environment.time().deadline(limits.commandTimeout()));
        int limit =
                state.flavour() == Flavour.SUBMISSION
                        ? CommandParser.MAX_AUTH_LINE
                        : CommandParser.MAX_LINE;
        return switch (in.readLine(limit)) {
            case Line.Text(byte[] bytes) ->
                    say(answer(CommandParser.parse(bytes, state.settings().strictness())));
            case Line.TooLong _ -> say(Answer.of(Replies.LINE_TOO_LONG));
            case Line.BareLineFeed _ -> say(Answer.of(Replies.BARE_LINE_FEED_IN_COMMAND));
            case Line.End _ -> Next.CLOSE;
        };
    }

    private Answer answer(Command command) {
        try {
            return handle(command);
        } catch (IOException e) {
            warn("cannot tell now", e);
            return Answer.of(
                    command instanceof Command.Auth ? Replies.AUTH_LATER : troubleReply(e));
        }
    }

    private Answer handle(Command command) throws IOException {
        if (++talk > limits.maxTalk() + limits.maxRecipients()) {
            return Answer.hangUp(Replies.TOO_MUCH_TALK);
        }
        return switch (command) {
            case Command.Ehlo ehlo -> Answer.of(Ehlo.ehlo(state, ehlo));
            case Command.Helo helo -> Answer.of(Ehlo.helo(state, helo));
            case Command.Lhlo lhlo -> Answer.of(Ehlo.lhlo(state, lhlo));
            case Command.Mail mail -> Mail.handle(state, mail);
            case Command.Rcpt rcpt -> Answer.of(Rcpt.handle(state, rcpt));
            case Command.Data _ -> Data.begin(state);
            case Command.Bdat bdat -> Bdat.begin(state, bdat);
            case Command.Rset _ -> {
                state.endTransaction();
                yield Answer.of(Replies.OK);
            }
            case Command.Vrfy _ -> Answer.of(Replies.CANNOT_VERIFY);
            case Command.Expn _ -> Answer.of(Replies.EXPN_NOT_AVAILABLE);
            case Command.Help _ -> Answer.of(Replies.HELP);
            case Command.Noop _ -> Answer.of(Replies.OK);
            case Command.Quit _ -> Answer.close(Replies.BYE);
            case Command.StartTls _ -> StartTls.handle(state);
            case Command.Auth auth -> logInAnswer(Auth.begin(state, auth, environment.random()));
            case Command.Unknown _ -> Answer.of(Replies.UNKNOWN_COMMAND);
            case Command.Malformed malformed ->
                    malformed.fault() == Command.Fault.CHUNK
                            ? Answer.hangUp(malformed(malformed))
                            : Answer.of(malformed(malformed));
        };
    }

    private static Reply malformed(Command.Malformed malformed) {
        return switch (malformed.fault()) {
            case REVERSE_PATH -> Mail.malformed(malformed);
            case FORWARD_PATH -> Rcpt.malformed(malformed);
            case UNKNOWN_PARAMETER -> Replies.UNSUPPORTED_PARAMETER;
            case CHUNK, ARGUMENT -> new Reply(501, "5.5.4", "Syntax: " + malformed.message());
        };
    }

    /** Reads to the final dot, whatever becomes of the message. */
    private Next content() throws IOException {
        IncomingMessage message = state.transaction().orElseThrow().message().orElseThrow();
        DotReader dots = new DotReader(message.gate());
        long began = environment.time().nanos();
        long blockEnd = 0;
        long seen = 0;
        while (!dots.ended()) {
            if (seen >= blockEnd) {
                blockDeadline(began, seen);
                blockEnd = seen + BLOCK;
            }
            ByteBuffer ahead = in.peek();
            if (!ahead.hasRemaining()) {
                return Next.CLOSE; // The peer is gone, and with it what it began to send.
            }
            int taken =
                    dots.read(
                            ahead.array(),
                            ahead.arrayOffset() + ahead.position(),
                            ahead.remaining());
            in.consume(taken);
            seen += taken;
        }
        return end(Data::end);
    }

    private interface Ending {
        Answer of(SessionState state) throws IOException;
    }

    /** The content is read; the handler's trouble is a reply, not the session's end. */
    private Next end(Ending ending) throws IOException {
        talk = 0;
        int replies = state.repliesAtEnd();
        Answer answer;
        try {
            answer = ending.of(state);
        } catch (IOException e) {
            warn("cannot keep a message now", e);
            answer = Answer.of(Collections.nCopies(replies, troubleReply(e)));
        }
        deadline(limits.commandTimeout()); // The block's may be over; many replies do not wait.
        return say(answer);
    }

    /** Reads the chunk of BDAT: into the message, or away. */
    private Next chunk() throws IOException {
        Optional<IncomingMessage> wanted =
                state.transaction()
                        .filter(it -> it.chunkFailure().isEmpty())
                        .flatMap(MailTransaction::message);
        long began = environment.time().nanos();
        long left = state.chunkSize();
        long blockEnd = left;
        while (left > 0) {
            if (left <= blockEnd) {
                blockDeadline(began, state.chunkSize() - left);
                blockEnd = left - BLOCK;
            }
            ByteBuffer ahead = in.peek();
            if (!ahead.hasRemaining()) {
                return Next.CLOSE;
            }
            int count = (int) Math.min(left, ahead.remaining());
            if (wanted.isPresent()) {
                wanted.get()
                        .gate()
                        .write(ahead.array(), ahead.arrayOffset() + ahead.position(), count);
            }
            in.consume(count);
            left -= count;
        }
        return wanted.isPresent() ? end(Bdat::end) : Next.COMMAND;
    }

    // RFC 4954 section 4
    private Next authResponse() throws IOException {
        deadline(limits.commandTimeout());
        Line line = in.readLine(CommandParser.MAX_AUTH_LINE);
        if (line instanceof Line.End) {
            return Next.CLOSE;
        }
        return say(authAnswer(line));
    }

    private Answer authAnswer(Line line) {
        LogInExchange exchange = state.authExchange().orElseThrow();
        try {
            return switch (line) {
                case Line.Text text ->
                        logInAnswer(
                                Auth.response(
                                        state,
                                        new String(text.bytes(), StandardCharsets.US_ASCII)));
                case Line.TooLong _ -> Auth.cancelled(state, exchange, Replies.AUTH_TOO_LONG);
                case Line.BareLineFeed _ ->
                        Auth.cancelled(state, exchange, Replies.BARE_LINE_FEED_IN_COMMAND);
                case Line.End _ -> throw new IllegalStateException();
            };
        } catch (IOException e) {
            warn("cannot tell now who logs in", e);
            state.endAuthExchange();
            return Answer.of(Replies.AUTH_LATER);
        }
    }

    /** Who has just logged in is remembered, to end the session when the password changes. */
    private Answer logInAnswer(Answer answer) throws IOException {
        Reply reply = answer.replies().getFirst();
        if (reply.equals(Replies.AUTHENTICATED)) {
            Account account = state.account().orElseThrow();
            logLogIn().addKeyValue("account", account.address()).log("logged in");
            loggedIn.add(connection, account);
            // It may have been changed while this log-in was checked, before it was known.
            Optional<Account> current = state.rooms().directory().account(account.id());
            if (current.isEmpty()
                    || !current.get().enabled()
                    || current.get().credentialVersion() > account.credentialVersion()) {
                connection.close();
            }
        } else if (answer.next() != Next.AUTH_RESPONSE) {
            logLogIn().log("log-in refused: {}", reply.text());
        }
        return answer;
    }

    private LoggingEventBuilder logLogIn() {
        return LOG.atInfo()
                .addKeyValue("sid", connection.id())
                .addKeyValue("peer", state.peer().getHostAddress());
    }

    // RFC 3207 section 4
    private Next tlsHandshake() throws IOException {
        int injected = in.discardBuffered();
        deadline(limits.commandTimeout());
        out.flush();
        if (injected > 0) {
            LOG.atInfo()
                    .addKeyValue("sid", connection.id())
                    .log("threw away {} bytes that came behind STARTTLS", injected);
        }
        connection.startTls();
        state.forget();
        return Next.COMMAND;
    }

    private Next say(Answer answer) throws IOException {
        // All of them first: behind a refusal there may be an acceptance that must be told.
        for (Reply reply : answer.replies()) {
            say(reply);
            errors += reply.isPermanent() ? 1 : 0;
        }
        if (errors <= state.maxErrors() || answer.next() == Next.CLOSE) {
            return answer.next();
        }
        say(Replies.TOO_MANY_ERRORS);
        return Next.HANG_UP;
    }

    private void say(Reply reply) throws IOException {
        reply.writeTo(out);
    }

    /** What a full disk does to all sessions is logged once, by the store. */
    private void warn(String what, IOException trouble) {
        if (trouble instanceof LowSpaceException) {
            LOG.atDebug()
                    .addKeyValue("sid", connection.id())
                    .log("{}: {}", what, trouble.getMessage());
            return;
        }
        LOG.atWarn().addKeyValue("sid", connection.id()).setCause(trouble).log(what);
    }

    /** For the next block, but no later than the slowest client's that is borne. */
    private void blockDeadline(long began, long seen) {
        long block = environment.time().deadline(limits.blockTimeout());
        long allowed = HEAD_START.plusSeconds(seen / SLOWEST_BYTES_PER_SECOND).toNanos();
        connection.deadline(began + allowed - block < 0 ? began + allowed : block);
    }

    private void deadline(Duration timeout) {
        connection.deadline(environment.time().deadline(timeout));
    }

    /** How trouble of ours is told: as something that passes. */
    static Reply troubleReply(IOException trouble) {
        return trouble instanceof LowSpaceException ? Replies.DISK_FULL : Replies.TRY_LATER;
    }
}
