package mansio.serve.imapserver;

import mansio.codec.imap.MailboxPath;
import mansio.net.listen.Connection;
import mansio.net.listen.ConnectionLimits.Entry;
import mansio.net.listen.TlsFacts;
import mansio.state.directory.Account;
import mansio.state.directory.NetworkOrigin;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.QuotaLimit;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a session knows: its {@link State}, what the client has enabled, and whom to ask. Owned by
 * the connection's thread; during IDLE the notifier shares it under the session's lock.
 */
final class SessionState {
    private final ImapSettings settings;
    private final Rooms rooms;
    private final Environment environment;
    private final Connection connection;
    private final Enabled enabled = new Enabled();
    private State state = new State.NotAuthenticated();

    /** The account that this session was counted for. */
    private Optional<AccountId> counted = Optional.empty();

    SessionState(
            ImapSettings settings, Rooms rooms, Environment environment, Connection connection) {
        this.settings = settings;
        this.rooms = rooms;
        this.environment = environment;
        this.connection = connection;
    }

    ImapSettings settings() {
        return settings;
    }

    Rooms rooms() {
        return rooms;
    }

    Environment environment() {
        return environment;
    }

    Enabled enabled() {
        return enabled;
    }

    State state() {
        return state;
    }

    Optional<TlsFacts> tls() {
        return connection.tls();
    }

    boolean canStartTls() {
        return connection.canStartTls();
    }

    InetAddress peer() {
        return connection.peer().getAddress();
    }

    boolean trusted() {
        return settings.trusted().test(peer());
    }

    NetworkOrigin network() {
        return NetworkOrigin.of(peer());
    }

    /** How this client writes mailbox names. */
    MailboxPath.Form form() {
        return enabled.utf8() ? MailboxPath.Form.UTF8 : MailboxPath.Form.UTF7;
    }

    /**
     * Counts the session for its account, until {@link #end}.
     *
     * @return false when the account has as many as it may have
     */
    boolean mayEnter(Account account) {
        end(); // An earlier log-in of this session may have failed after it was counted.
        if (trusted()) {
            return true;
        }
        boolean letIn = environment.admission().accounts().enter(account.id()) == Entry.LET_IN;
        counted = letIn ? Optional.of(account.id()) : Optional.empty();
        return letIn;
    }

    void logIn(Account account) throws IOException {
        state =
                new State.Authenticated(
                        new State.Owner(account, rooms.accounts().open(account.id())));
    }

    /** The session has ended, or begins anew. */
    void end() {
        counted.ifPresent(environment.admission().accounts()::leave);
        counted = Optional.empty();
    }

    void select(SelectedMailbox mailbox) {
        state = new State.Selected(owner(), mailbox);
    }

    /** From the selected state back to the authenticated one. */
    void unselect() {
        state = new State.Authenticated(owner());
    }

    void logOut() {
        state = new State.Logout();
    }

    State.Owner owner() {
        if (state instanceof State.LoggedIn loggedIn) {
            return loggedIn.owner();
        }
        throw new IllegalStateException("nobody has logged in");
    }

    MailAccount mail() {
        return owner().mail();
    }

    Optional<SelectedMailbox> selected() {
        return state instanceof State.Selected selected
                ? Optional.of(selected.mailbox())
                : Optional.empty();
    }

    QuotaLimit quotaLimit() {
        QuotaLimit usual = settings.limits().defaultQuota();
        return owner().account().quotaBytes().isPresent()
                ? new QuotaLimit(owner().account().quotaBytes().getAsLong(), usual.messages())
                : usual;
    }
}
