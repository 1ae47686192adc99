package mansio.serve.imapserver;

import mansio.net.listen.Connection;
import mansio.net.listen.Service;
import mansio.state.directory.Authenticator;

import java.io.IOException;

/**
 * Serves IMAP to the connections of a listener. Safe for use by any thread; each session has one of
 * its own.
 */
public final class ImapServer implements Service, AutoCloseable {
    private final ImapSettings settings;
    private final Rooms rooms;
    private final Environment environment;
    private final LoggedInSessions loggedIn = new LoggedInSessions();
    private final Authenticator.Registration registration;

    public ImapServer(ImapSettings settings, Rooms rooms, Environment environment) {
        this.settings = settings;
        this.rooms = rooms;
        this.environment = environment;
        this.registration = rooms.authenticator().onCredentialChange(loggedIn);
    }

    @Override
    public void serve(Connection connection) throws IOException {
        SessionState state = new SessionState(settings, rooms, environment, connection);
        new ImapSession(connection, state, loggedIn).run();
    }

    /** Hears of changed passwords no longer. Sessions end with their connections. */
    @Override
    public void close() {
        registration.close();
    }
}
