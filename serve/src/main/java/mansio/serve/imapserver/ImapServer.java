package mansio.serve.imapserver;

import mansio.codec.imap.ResponseCode;
import mansio.codec.imap.ResponseWriter;
import mansio.net.listen.Connection;
import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.Service;
import mansio.serve.login.LoggedInSessions;
import mansio.state.directory.Authenticator;
import mansio.state.directory.NetworkOrigin;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves IMAP to the connections of a listener. Safe for use by any thread; each session has one of
 * its own.
 */
public final class ImapServer implements Service, AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(10);

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
        if (state.trusted()) {
            new ImapSession(connection, state, loggedIn).run();
            return;
        }
        ConnectionLimits<NetworkOrigin> networks = environment.admission().networks();
        ConnectionLimits.Entry entry = networks.enter(state.network());
        switch (entry) {
            case LET_IN -> {
                try {
                    new ImapSession(connection, state, loggedIn).run();
                } finally {
                    networks.leave(state.network());
                }
            }
            case TOO_MANY_OF_ONE -> refuse(connection, "Too many connections from your network");
            case TOO_MANY_IN_ALL -> refuse(connection, "Too many connections, try again later");
        }
    }

    // RFC 9051 section 7.1.5: BYE as a greeting
    private void refuse(Connection connection, String why) throws IOException {
        connection.deadline(environment.time().deadline(FAREWELL));
        ResponseWriter out = new ResponseWriter(connection.out());
        out.bye(Optional.of(ResponseCode.Plain.UNAVAILABLE), why);
        out.flush();
    }

    /** Hears of changed passwords no longer. Sessions end with their connections. */
    @Override
    public void close() {
        registration.close();
    }
}
