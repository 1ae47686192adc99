package mansio.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Dialer;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.time.Time;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A raw dialogue of lines: send this, expect that. What does not come within the patience fails.
 * Texts are one character an octet. Used by one thread.
 */
public final class LineClient implements Closeable {
    private static final int MAX_LINE = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Connection connection;
    private final Time time;
    private final LineReader in;
    private final List<String> said = new ArrayList<>();

    public LineClient(Connection connection, Time time) {
        this.connection = connection;
        this.time = time;
        this.in = new LineReader(connection.in(), new BufferPool(4096, 1), BareLf.REFUSED);
    }

    /** Connects without TLS. */
    public static LineClient dial(Dialer dialer, Target target, Time time) throws IOException {
        return new LineClient(dialer.dial(target, time.deadline(PATIENCE)), time);
    }

    /** Sends a line; CRLF is added. */
    public void send(String line) throws IOException {
        said.add("C: " + line);
        sendRaw((line + "\r\n").getBytes(ISO_8859_1));
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        connection.deadline(time.deadline(PATIENCE));
        connection.out().write(bytes, 0, bytes.length);
        connection.out().flush();
    }

    /** The next line, without CRLF. */
    public String line() throws IOException {
        connection.deadline(time.deadline(PATIENCE));
        return switch (in.readLine(MAX_LINE)) {
            case Line.Text text -> {
                said.add("S: " + text.latin1());
                yield text.latin1();
            }
            case Line.BareLineFeed bare ->
                    throw new AssertionError(
                            "a bare LF after \"" + new String(bare.bytes(), ISO_8859_1) + "\"");
            case Line.TooLong _ -> throw new AssertionError("a line of more than 1 MiB");
            case Line.End _ -> throw new EOFException("the server closed the connection");
        };
    }

    /** Exactly {@code count} bytes. */
    public byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int held = 0;
        while (held < count) {
            int now = in.read(bytes, held, count - held);
            if (now < 0) {
                throw new EOFException("the server closed the connection");
            }
            held += now;
        }
        return bytes;
    }

    /** The next line, which must begin so. */
    public String expect(String beginning) throws IOException {
        String line;
        try {
            line = line();
        } catch (IOException e) {
            throw new AssertionError("expected " + beginning + " but " + e + dialogue(), e);
        }
        if (!line.startsWith(beginning)) {
            throw new AssertionError("expected " + beginning + dialogue());
        }
        return line;
    }

    /** Sends a line and expects the next one to begin so. */
    public String ask(String line, String beginning) throws IOException {
        send(line);
        return expect(beginning);
    }

    /** A reply of several lines, as SMTP has them: {@code 250-} up to {@code 250 }. */
    public List<String> expectReply(int code) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = expect(String.valueOf(code));
            lines.add(line);
        } while (line.startsWith(code + "-"));
        return lines;
    }

    /** Expects that the server closes and says no more. */
    public void expectEnd() throws IOException {
        connection.deadline(time.deadline(PATIENCE));
        if (!(in.readLine(MAX_LINE) instanceof Line.End)) {
            throw new AssertionError("expected the end" + dialogue());
        }
    }

    /** The client's side of a TLS handshake. */
    public void startTls() throws IOException {
        in.discardBuffered();
        connection.deadline(time.deadline(PATIENCE));
        connection.startTls();
    }

    public Connection connection() {
        return connection;
    }

    /** All that was said, for a report. */
    public String dialogue() {
        return "\n" + String.join("\n", said);
    }

    @Override
    public void close() {
        connection.close();
    }
}
