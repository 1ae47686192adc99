package mansio.serve.admin;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;
import mansio.net.listen.ListenAt;
import mansio.net.listen.Service;
import mansio.serve.admin.Control.Reply;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Answers an administrator's commands on the control socket of the data folder. Who may connect is
 * the owner of the folder: the socket's permissions say so. Commands are logged by name only, for
 * they may hold passwords.
 */
public final class ControlServer implements Service {
    /** Connections at once. */
    public static final int MAX_CONNECTIONS = 20;

    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration WRITE = Duration.ofMinutes(1);

    private final Rooms rooms;
    private final BufferPool buffers;

    public ControlServer(Rooms rooms, BufferPool buffers) {
        this.rooms = rooms;
        this.buffers = buffers;
    }

    /**
     * Where it listens.
     *
     * @throws IOException when the folder's path is too long for a socket
     */
    public static ListenAt.Unix at(Path folder) throws IOException {
        Control.checkLength(folder);
        return new ListenAt.Unix(Control.socket(folder), "rw-------");
    }

    @Override
    public void serve(Connection connection) throws IOException {
        LineReader in = new LineReader(connection.in(), buffers, BareLf.ENDS_LINE);
        try {
            while (true) {
                connection.idle(rooms.time().deadline(IDLE));
                switch (in.readLine(Control.MAX_LINE_BYTES)) {
                    case Line.Text(byte[] bytes) -> say(connection, answer(bytes));
                    case Line.TooLong _, Line.BareLineFeed _ ->
                            say(
                                    connection,
                                    new Reply.Refused(Problem.INVALID, "the request is too long"));
                    case Line.End _ -> {
                        return;
                    }
                }
            }
        } finally {
            in.release();
        }
    }

    private void say(Connection connection, Reply reply) throws IOException {
        byte[] line = Control.print(reply);
        if (line.length > Control.MAX_LINE_BYTES) {
            line = Control.print(new Reply.Later("the answer is too long to be told"));
        }
        connection.deadline(rooms.time().deadline(WRITE));
        connection.out().write(line, 0, line.length);
        connection.out().flush();
    }

    /** The reply to one line. */
    Reply answer(byte[] line) {
        return switch (Control.parseRequest(line)) {
            case Outcome.Refused<Operation<?>>(Problem problem, String sentence) ->
                    new Reply.Refused(problem, sentence);
            case Outcome.Done<Operation<?>>(Operation<?> operation) -> run(operation);
        };
    }

    private <A extends Answer> Reply run(Operation<A> operation) {
        String name = Operations.of(operation).name();
        try {
            Outcome<A> outcome = operation.run(rooms);
            log.atInfo()
                    .addKeyValue("command", name)
                    .addKeyValue("done", outcome instanceof Outcome.Done)
                    .log("administered");
            return switch (outcome) {
                case Outcome.Done<A>(A answer) -> new Reply.Done(Json.json().valueToTree(answer));
                case Outcome.Refused<A>(Problem problem, String sentence) ->
                        new Reply.Refused(problem, sentence);
            };
        } catch (IOException e) {
            return new Reply.Later(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("command", name).setCause(e).log("a command failed");
            return new Reply.Fault("the server has a fault; its log tells more");
        }
    }
}
