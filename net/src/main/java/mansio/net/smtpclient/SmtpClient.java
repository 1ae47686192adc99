package mansio.net.smtpclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;
import mansio.codec.line.LineReader;
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
import mansio.codec.smtp.ReplyReader;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration GREETING = Duration.ofMinutes(5);
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final Duration DATA_START = Duration.ofMinutes(2);
    private static final Duration DATA_BLOCK = Duration.ofMinutes(3);
    private static final Duration DATA_END = Duration.ofMinutes(10);
    private static final Duration QUIT = Duration.ofSeconds(10);
    private static final int BLOCK_BYTES = 16 * 1024;

    /** A server that asks more often than this wants something else. */
    private static final int MAX_CHALLENGES = 10;

    private final Connection connection;
    private final Time time;
    private final LineReader in;
    private final ReplyReader replies;
    private final Transcript transcript = new Transcript();
    private Map<String, String> extensions = Map.of();
    private boolean finalDotSent;

    private SmtpClient(Connection connection, Time time) {
        this.connection = connection;
        this.time = time;
        this.in =
                new LineReader(
                        connection.in(),
                        new BufferPool(BufferPool.USUAL_BYTES, 1),
                        BareLf.ENDS_LINE);
        this.replies = new ReplyReader(in);
    }

    /** How a session begins: at once in TLS (RFC 8314 section 3), or plain. */
    public enum Begin {
        PLAIN,
        IMPLICIT_TLS
    }

    /** Connects; {@link #greeting} comes next. */
    public static SmtpClient dial(Dialer dialer, Target target, Begin begin, Time time)
            throws IOException {
        Connection connection = dialer.dial(target, time.deadline(CONNECT));
        try {
            if (begin == Begin.IMPLICIT_TLS) {
                connection.startTls();
            }
            return new SmtpClient(connection, time);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** The server's first words: 220, or why it does not want to (RFC 5321 section 3.1). */
    public Reply greeting() throws IOException {
        return reply(GREETING);
    }

    /** EHLO; what the server can do is in {@link #extensions} afterwards. */
    public Reply ehlo(String clientName) throws IOException {
        Reply reply = say(new Command.Ehlo(clientName), COMMAND);
        extensions = reply.isPositive() ? parseExtensions(reply.lines()) : Map.of();
        return reply;
    }

    /** HELO, for a server that does not know EHLO (RFC 5321 section 3.2). */
    public Reply helo(String clientName) throws IOException {
        return say(new Command.Helo(clientName), COMMAND);
    }

    /** Keywords, upper case, with their parameters as sent: RFC 5321 section 4.1.1.1. */
    public Map<String, String> extensions() {
        return extensions;
    }

    /**
     * STARTTLS, and the handshake when the server agrees. All that was learned before is forgotten
     * (RFC 3207 section 4.2): EHLO comes next.
     *
     * @throws IOException when the handshake fails, or when the server has sent more than its reply
     */
    public Reply startTls() throws IOException {
        Reply reply = say(new Command.StartTls(), COMMAND);
        if (reply.code() == 220) {
            if (in.discardBuffered() > 0) {
                throw new IOException("the server sent plain text ahead of the TLS handshake");
            }
            connection.startTls();
            extensions = Map.of();
        }
        return reply;
    }

    /** The connection, for what is known of its TLS session. */
    public Connection connection() {
        return connection;
    }

    /** AUTH with any mechanism (RFC 4954): 235, or why not. */
    public Reply authenticate(ClientMechanism mechanism) throws IOException {
        Optional<byte[]> initial = Optional.empty();
        if (mechanism.sendsFirst()) {
            initial = Optional.of(answer(mechanism, new byte[0]));
        }
        String name = mechanism.mechanism().saslName();
        transcript.client("AUTH " + name + (initial.isPresent() ? " (secret)" : ""));
        Reply reply = exchange(CommandPrinter.print(new Command.Auth(name, initial)), COMMAND);
        for (int asked = 0; reply.code() == 334; asked++) {
            if (asked == MAX_CHALLENGES) {
                throw new IOException("the server never stops asking");
            }
            byte[] answer = answer(mechanism, challenge(reply));
            transcript.client("(secret)");
            reply = exchange(Base64.getEncoder().encodeToString(answer), COMMAND);
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
        return say(new Command.Mail(reversePath, parameters), COMMAND);
    }

    /** RCPT. */
    public Reply rcpt(Address forwardPath, RcptParameters parameters) throws IOException {
        return say(new Command.Rcpt(new ForwardPath.To(forwardPath), parameters), COMMAND);
    }

    /**
     * DATA and the message, in the form the wire wants: dots doubled, each line ended by CRLF.
     *
     * @return the reply after the final dot, or the one to DATA when that was not 354
     * @throws IOException when the content cannot be read or the connection breaks; the server may
     *     have the message only if {@link #finalDotSent}
     */
    public Reply data(ByteSource content) throws IOException {
        Reply go = say(new Command.Data(), DATA_START);
        if (go.code() != 354) {
            return go;
        }
        DotWriter out = new DotWriter(connection.out());
        byte[] block = new byte[BLOCK_BYTES];
        long total = 0;
        int count;
        while ((count = content.read(block, 0, block.length)) >= 0) {
            connection.deadline(time.deadline(DATA_BLOCK));
            out.write(block, 0, count);
            total += count;
        }
        connection.deadline(time.deadline(DATA_BLOCK));
        finalDotSent = true;
        out.end();
        out.flush();
        transcript.client("(" + total + " bytes)");
        Reply reply = reply(DATA_END);
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
        return say(new Command.Rset(), COMMAND);
    }

    /** QUIT; {@link #close} comes next. */
    public Reply quit() throws IOException {
        return say(new Command.Quit(), QUIT);
    }

    /** What was said so far, a line each, "C: " or "S: " before it; no content and no secrets. */
    public List<String> transcript() {
        return transcript.lines();
    }

    @Override
    public void close() {
        connection.close();
    }

    private Reply say(Command command, Duration patience) throws IOException {
        String line = CommandPrinter.print(command);
        transcript.client(line);
        return exchange(line, patience);
    }

    private Reply exchange(String line, Duration patience) throws IOException {
        connection.deadline(time.deadline(patience));
        ByteSink out = connection.out();
        byte[] bytes = (line + "\r\n").getBytes(UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
        return reply(patience);
    }

    private Reply reply(Duration patience) throws IOException {
        connection.deadline(time.deadline(patience));
        Reply reply = replies.read();
        // A challenge may hold what only the two should know.
        transcript.server(reply.code() == 334 ? "334 (secret)" : reply.toWire());
        return reply;
    }

    private static Map<String, String> parseExtensions(List<String> lines) {
        Map<String, String> extensions = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            extensions.put(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
        }
        return Map.copyOf(extensions);
    }
}
