package mansio.serve.admin;

import mansio.serve.rehearsal.Rehearser;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The server of this process. Safe for use by any thread. */
public interface RunningServer {
    /** When it began to serve. */
    Instant since();

    /** Where it listens. */
    List<Door> doors();

    /** Connections that are open now, this command's own included. */
    int openConnections();

    /** Sends test messages to itself; empty where there is no way out. */
    Optional<Rehearser> rehearser();

    /** Begins to stop, and returns at once. */
    void stop();

    /**
     * A listener.
     *
     * @param protocol such as {@code smtp}
     * @param at such as {@code 127.0.0.1:10025}
     */
    record Door(String protocol, String at) {}
}
