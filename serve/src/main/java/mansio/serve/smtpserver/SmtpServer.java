package mansio.serve.smtpserver;

import mansio.codec.smtp.Replies;
import mansio.net.listen.Connection;
import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.Service;
import mansio.serve.login.LoggedInSessions;
import mansio.state.directory.Authenticator;
import mansio.state.directory.NetworkOrigin;

import java.io.IOException;
import java.time.Duration;

/**
 * Serves SMTP, submission or LMTP to the connections of a listener. Safe for use by any thread;
 * each session has one of its own.
 */
public final class SmtpServer implements Service, AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final SmtpSettings settings;
    private final Rooms rooms;
    private final ConnectionLimits<NetworkOrigin> connectionLimits;
    private final Environment environment;
    private final LoggedInSessions loggedIn = new LoggedInSessions();
    private final Authenticator.Registration registration;

    public SmtpServer(
            SmtpSettings settings,
            Rooms rooms,
            ConnectionLimits<NetworkOrigin> connectionLimits,
            Environment environment) {
        this.settings = settings;
        this.rooms = rooms;
        this.connectionLimits = connectionLimits;
        this.environment = environment;
        this.registration = rooms.authenticator().onCredentialChange(loggedIn);
    }

    @Override
    public void serve(Connection connection) throws IOException {
        if (settings.access().trusted().test(connection.peer().getAddress())) {
            session(connection).run();
            return;
        }
        NetworkOrigin network = NetworkOrigin.of(connection.peer().getAddress());
        if (connectionLimits.enter(network) != ConnectionLimits.Entry.LET_IN) {
            connection.deadline(environment.time().deadline(FAREWELL));
            Replies.TOO_MANY_CONNECTIONS.writeTo(connection.out());
            connection.out().flush();
            return;
        }
        try {
            session(connection).run();
        } finally {
            connectionLimits.leave(network);
        }
    }

    private SmtpSession session(Connection connection) {
        SessionState state = new SessionState(settings, rooms, connection);
        return new SmtpSession(connection, state, environment, loggedIn);
    }

    /** Hears of changed passwords no longer. Sessions end with their connections. */
    @Override
    public void close() {
        registration.close();
    }
}
