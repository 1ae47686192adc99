package mansio.serve.login;

import mansio.net.listen.Connection;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;
import mansio.state.store.AccountId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections whose client has logged in, to close them when the credentials hold no longer.
 * Safe for use by any thread.
 */
public final class LoggedInSessions implements Authenticator.CredentialListener {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(Connection connection, AccountId account, long credentialVersion) {}

    /**
     * @param account as it was when the client logged in
     */
    public void add(Connection connection, Account account) {
        lock.lock();
        try {
            sessions.put(
                    connection.id(),
                    new Session(connection, account.id(), account.credentialVersion()));
        } finally {
            lock.unlock();
        }
    }

    /** Its connection ends. */
    public void remove(Connection connection) {
        lock.lock();
        try {
            sessions.remove(connection.id());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(AccountId account, long minVersion) {
        List<Connection> ended = new ArrayList<>();
        lock.lock();
        try {
            for (Session session : sessions.values()) {
                if (session.account.equals(account) && session.credentialVersion < minVersion) {
                    ended.add(session.connection);
                }
            }
        } finally {
            lock.unlock();
        }
        ended.forEach(Connection::close);
    }
}
