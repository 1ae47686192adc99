package mansio.net.smtpclient;

import mansio.codec.line.ByteSource;
import mansio.codec.sasl.ClientMechanism;
import mansio.codec.sasl.ClientStep;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandParser;
import mansio.codec.smtp.CommandPrinter;
import mansio.codec.smtp.DotWriter;
import mansio.codec.smtp.ForwardPath;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.codec.text.SyntaxException;
import mansio.net.dial.Dialer;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.time.Time;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One SMTP session with a server: a method for each command, each of which waits for its reply. An
 * IOException says that the session is over and nothing about the message, with one exception to
 * think of: {@link #data} may have failed after the server took the message.
 *
 * <p>Used by one thread. Deadlines are those of RFC 5321 section 4.5.3.2.
 */
public final class SmtpClient implements Closeable {
    private static final int BLOCK_BYTES = 16 * 1024;

    /** A server that asks more often than this wants something else. */
    private static final int MAX_CHALLENGES = 10;

    private final Wire wire;
    private final Timeouts timeouts;
    private Extensions extensions = Extensions.NONE;
    private boolean finalDotSent;

    SmtpClient(Wire wire, Timeouts timeouts) {
        this.wire = wire;
        this.timeouts = timeouts;
    }

    /** How a session begins: at once in TLS (RFC 8314 section 3), or plain. */
    public enum Begin {
        PLAIN,
        IMPLICIT_TLS
    }

    /** Connects; {@link #greeting} comes next. */
    public static SmtpClient dial(Dialer dialer, Target target, Begin begin, Time time)
            throws IOException {
        Timeouts timeouts = Timeouts.RFC_5321;
        Connection connection = dialer.dial(target, time.deadline(timeouts.connect()));
        try {
            Wire wire = new Wire(connection, time);
            if (begin == Begin.IMPLICIT_TLS) {
                wire.startTls(timeouts.handshake());
            }
            return new SmtpClient(wire, timeouts);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** The server's first words: 220, or why it does not want to (RFC 5321 section 3.1). */
    public Reply greeting() throws IOException {
        return wire.reply(timeouts.greeting());
    }

    /** EHLO; what the server can do is in {@link #extensions} afterwards. */
    public Reply ehlo(String clientName) throws IOException {
        return hello(new Command.Ehlo(clientName));
    }

    /** LHLO, the EHLO of LMTP (RFC 2033 section 4.1). */
    public Reply lhlo(String clientName) throws IOException {
        return hello(new Command.Lhlo(clientName));
    }

    private Reply hello(Command command) throws IOException {
        Reply reply = say(command, timeouts.command());
        extensions = reply.isPositive() ? Extensions.of(reply) : Extensions.NONE;
        return reply;
    }

    /** HELO, for a server that does not know EHLO (RFC 5321 section 3.2). */
    public Reply helo(String clientName) throws IOException {
        return say(new Command.Helo(clientName), timeouts.command());
    }

    /** Keywords, upper case, with their parameters as sent: RFC 5321 section 4.1.1.1. */
    public Map<String, String> extensions() {
        return extensions.parameters();
    }

    /**
     * STARTTLS, and the handshake when the server agrees. All that was learned before is forgotten
     * (RFC 3207 section 4.2): EHLO comes next.
     *
     * @throws IOException when the handshake fails, or when the server has sent more than its reply
     */
    public Reply startTls() throws IOException {
        Reply reply = say(new Command.StartTls(), timeouts.command());
        if (reply.code() == 220) {
            wire.startTls(timeouts.handshake());
            extensions = Extensions.NONE;
        }
        return reply;
    }

    /** The connection, for what is known of its TLS session. */
    public Connection connection() {
        return wire.connection();
    }

    /** AUTH with any mechanism (RFC 4954): 235, or why not. */
    public Reply authenticate(ClientMechanism mechanism) throws IOException {
        Optional<byte[]> initial = Optional.empty();
        if (mechanism.sendsFirst()) {
            initial = Optional.of(answer(mechanism, new byte[0]));
        }
        String name = mechanism.mechanism().saslName();
        wire.transcript().client("AUTH " + name + (initial.isPresent() ? " (secret)" : ""));
        Reply reply = exchange(CommandPrinter.print(new Command.Auth(name, initial)));
        for (int asked = 0; reply.code() == 334; asked++) {
            if (asked == MAX_CHALLENGES) {
                throw new IOException("the server never stops asking");
            }
            byte[] answer = answer(mechanism, challenge(reply));
            wire.transcript().client("(secret)");
            reply = exchange(Base64.getEncoder().encodeToString(answer));
        }
        if (reply.isPositive() && !mechanism.mayComplete()) {
            throw new IOException("the server did not prove that it knows the password");
        }
        return reply;
    }

    private static byte[] challenge(Reply reply) throws IOException {
        try {
            return CommandParser.base64(reply.text());
        } catch (SyntaxException e) {
            throw new IOException("the server's challenge is not base64", e);
        }
    }

    private static byte[] answer(ClientMechanism mechanism, byte[] challenge) throws IOException {
        return switch (mechanism.step(challenge)) {
            case ClientStep.Response(byte[] data) -> data;
            case ClientStep.Failure(String reason) -> throw new IOException(reason);
        };
    }

    /** MAIL; empty stands for the null reverse-path. */
    public Reply mail(Optional<Address> reversePath, MailParameters parameters) throws IOException {
        return say(new Command.Mail(reversePath, parameters), timeouts.command());
    }

    /** RCPT. */
    public Reply rcpt(Address forwardPath, RcptParameters parameters) throws IOException {
        return say(
                new Command.Rcpt(new ForwardPath.To(forwardPath), parameters), timeouts.command());
    }

    /**
     * DATA and the message, in the form the wire wants: dots doubled, each line ended by CRLF.
     *
     * @return the reply after the final dot, or the one to DATA when that was not 354
     * @throws IOException when the content cannot be read or the connection breaks; the server may
     *     have the message only if {@link #finalDotSent}
     */
    public Reply data(ByteSource content) throws IOException {
        Reply go = say(new Command.Data(), timeouts.dataStart());
        if (go.code() != 354) {
            return go;
        }
        wire.inTurn();
        DotWriter out = new DotWriter(wire.content());
        byte[] block = new byte[BLOCK_BYTES];
        long total = 0;
        int count;
        while ((count = content.read(block, 0, block.length)) >= 0) {
            wire.patience(timeouts.dataBlock());
            out.write(block, 0, count);
            total += count;
        }
        wire.patience(timeouts.dataBlock());
        finalDotSent = true;
        out.end();
        out.flush();
        wire.expect(1);
        wire.transcript().client("(" + total + " bytes)");
        Reply reply = wire.reply(timeouts.dataEnd());
        finalDotSent = false;
        return reply;
    }

    /**
     * Whether the final dot of a message may have left and no reply has come: then nobody can tell
     * whether the server has it (RFC 1047).
     */
    public boolean finalDotSent() {
        return finalDotSent;
    }

    /** RSET. */
    public Reply rset() throws IOException {
        return say(new Command.Rset(), timeouts.command());
    }

    /** QUIT; {@link #close} comes next. */
    public Reply quit() throws IOException {
        return say(new Command.Quit(), timeouts.farewell());
    }

    /** What was said so far, a line each, "C: " or "S: " before it; no content and no secrets. */
    public List<String> transcript() {
        return wire.transcript().lines();
    }

    @Override
    public void close() {
        wire.connection().close();
    }

    Wire wire() {
        return wire;
    }

    Extensions offered() {
        return extensions;
    }

    private Reply say(Command command, Duration patience) throws IOException {
        wire.say(command, patience);
        return wire.reply(patience);
    }

    private Reply exchange(String line) throws IOException {
        wire.sayUnseen(line, timeouts.command());
        return wire.reply(timeouts.command());
    }
}
