package mansio.serve.admin;

import mansio.codec.line.BareLf;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;
import mansio.net.listen.Sockets;
import mansio.net.time.Time;
import mansio.serve.admin.Control.Reply;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A command's way to the running server. Used by one thread. */
public final class ControlClient implements Closeable {
    /** Reading everything that is stored may take hours. */
    private static final Duration PATIENCE = Duration.ofHours(12);

    private final Connection connection;
    private final LineReader in;
    private final Time time;

    private ControlClient(Connection connection, Sockets sockets, Time time) {
        this.connection = connection;
        this.in = new LineReader(connection.in(), sockets.buffers(), BareLf.ENDS_LINE);
        this.time = time;
    }

    /**
     * Connects to the server that runs on this data folder.
     *
     * @return empty when none runs
     * @throws IOException when the socket is somebody else's, with a sentence
     */
    public static Optional<ControlClient> connect(Path folder, Sockets sockets, Time time)
            throws IOException {
        Path socket = Control.socket(folder);
        if (!Files.exists(socket)) return Optional.empty();
        Control.checkLength(folder);
        if (!Files.getOwner(socket).equals(Files.getOwner(folder))) {
            throw new IOException(socket + " belongs to somebody else than its folder does");
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            return Optional.empty(); // Left behind by a server that was killed.
        } catch (SocketException e) {
            throw new IOException(
                    "cannot reach the server at " + socket + ": " + e.getMessage(), e);
        }
        Connection connection =
                sockets.dialled(
                        channel,
                        () -> {
                            throw new IllegalStateException("no TLS on the control socket");
                        });
        return Optional.of(new ControlClient(connection, sockets, time));
    }

    /**
     * Has it done by the server.
     *
     * @throws IOException when it cannot be done or told now, with a sentence
     * @throws IllegalStateException when the server has met a bug of its own
     */
    public <A extends Answer> Outcome<A> ask(Operation<A> operation) throws IOException {
        byte[] line = Control.print(operation);
        connection.deadline(time.deadline(PATIENCE));
        connection.out().write(line, 0, line.length);
        connection.out().flush();
        return switch (in.readLine(Control.MAX_LINE_BYTES)) {
            case Line.Text(byte[] bytes) -> outcome(operation, Control.parseReply(bytes));
            case Line.TooLong _, Line.BareLineFeed _ ->
                    throw new IOException("the running server's answer is too long");
            case Line.End _ ->
                    throw new EOFException("the server ended without an answer to this command");
        };
    }

    private static <A extends Answer> Outcome<A> outcome(Operation<A> operation, Reply reply)
            throws IOException {
        return switch (reply) {
            case Reply.Done(JsonNode answer) -> Outcome.done(read(operation, answer));
            case Reply.Refused(Problem problem, String sentence) ->
                    Outcome.refused(problem, sentence);
            case Reply.Later(String sentence) -> throw new IOException(sentence);
            case Reply.Fault(String sentence) -> throw new IllegalStateException(sentence);
        };
    }

    private static <A extends Answer> A read(Operation<A> operation, JsonNode answer)
            throws IOException {
        try {
            return Json.json().treeToValue(answer, Operations.of(operation).answer());
        } catch (JacksonException e) {
            throw new IOException(
                    "the running server is of another version than this command; use its own", e);
        }
    }

    @Override
    public void close() {
        in.release();
        connection.close();
    }
}
