package mansio.net.smtpclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.LineReader;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandPrinter;
import mansio.codec.smtp.Reply;
import mansio.codec.smtp.ReplyReader;
import mansio.net.listen.Connection;
import mansio.net.time.Time;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Commands out, replies in. Several commands may be said before the first reply is read; whoever
 * says them counts. Used by one thread.
 */
final class Wire {
    private final Connection connection;
    private final Time time;
    private final LineReader in;
    private final ReplyReader replies;
    private final Transcript transcript = new Transcript();
    private int awaited;

    Wire(Connection connection, Time time) {
        this.connection = connection;
        this.time = time;
        this.in =
                new LineReader(
                        connection.in(),
                        new BufferPool(BufferPool.USUAL_BYTES, 1),
                        BareLf.ENDS_LINE);
        this.replies = new ReplyReader(in);
    }

    /** The server takes no more of a message; it may have said why. */
    static final class NotTaken extends IOException {
        private static final long serialVersionUID = 1L;

        NotTaken(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * The server said something that it was not asked: it hangs up, or it does not speak SMTP. To
     * take its words for the reply to what comes next would be wrong, and in the end a lost
     * message.
     */
    static final class OutOfTurn extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<Reply> reply;

        OutOfTurn(Optional<Reply> reply) {
            super("the server spoke out of turn");
            this.reply = reply;
        }

        /** RFC 5321 section 3.8: 421 may come at any time. */
        Optional<Reply> farewell() {
            return reply.filter(it -> it.code() == 421);
        }
    }

    Connection connection() {
        return connection;
    }

    Transcript transcript() {
        return transcript;
    }

    /** How long from now; every wait gets a new deadline. */
    void patience(Duration patience) {
        connection.deadline(time.deadline(patience));
    }

    /** As {@link #patience(Duration)}, but no later than a point of the clock. */
    void patience(Duration patience, long latestNanos) {
        long deadline = time.deadline(patience);
        connection.deadline(deadline - latestNanos < 0 ? deadline : latestNanos);
    }

    Time time() {
        return time;
    }

    /** Puts a command into the buffer; gives its length in octets. */
    int say(Command command, Duration patience) throws IOException {
        String line = CommandPrinter.print(command);
        transcript.client(line);
        return sayUnseen(line, patience);
    }

    /** As {@link #say}, for lines that no transcript shows. */
    int sayUnseen(String line, Duration patience) throws IOException {
        inTurn();
        patience(patience);
        byte[] bytes = (line + "\r\n").getBytes(UTF_8);
        connection.out().write(bytes, 0, bytes.length);
        awaited++;
        return bytes.length;
    }

    /**
     * Fails when there are words of the server that nobody asked for.
     *
     * @throws OutOfTurn with those words
     */
    void inTurn() throws IOException {
        if (awaited == 0 && in.buffered() > 0) {
            patience(Duration.ofSeconds(1));
            Optional<Reply> reply;
            try {
                reply = Optional.of(read());
            } catch (IOException e) {
                reply = Optional.empty();
            }
            throw new OutOfTurn(reply);
        }
    }

    ByteSink out() {
        return connection.out();
    }

    /**
     * For the octets of a message.
     *
     * <p>A failed write is a {@link NotTaken}.
     */
    ByteSink content() {
        ByteSink out = connection.out();
        return new ByteSink() {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                try {
                    out.write(from, offset, length);
                } catch (IOException e) {
                    throw new NotTaken(e);
                }
            }

            @Override
            public void flush() throws IOException {
                try {
                    out.flush();
                } catch (IOException e) {
                    throw new NotTaken(e);
                }
            }
        };
    }

    /** More replies are due, to something that was no command: the end of a message. */
    void expect(int replies) {
        awaited += replies;
    }

    /** Sends what was said, and waits for one reply. */
    Reply reply(Duration patience) throws IOException {
        patience(patience);
        connection.out().flush();
        awaited = Math.max(0, awaited - 1);
        return read();
    }

    /** What the server had to say before it hung up, if it still can be read. */
    Optional<Reply> lastWords(Duration patience) {
        try {
            patience(patience);
            return Optional.of(read());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Reply read() throws IOException {
        // All that has come, in one piece: so words out of turn are seen.
        if (!in.peek().hasRemaining()) {
            throw new EOFException("the server closed the connection");
        }
        Reply reply = replies.read();
        // A challenge may hold what only the two should know.
        transcript.server(reply.code() == 334 ? "334 (secret)" : reply.toWire());
        return reply;
    }

    /** The client's side of a TLS handshake. Throws what was read before away, and refuses it. */
    void startTls(Duration patience) throws IOException {
        if (in.discardBuffered() > 0) {
            throw new IOException("the server sent plain text ahead of the TLS handshake");
        }
        patience(patience);
        connection.startTls();
    }
}
