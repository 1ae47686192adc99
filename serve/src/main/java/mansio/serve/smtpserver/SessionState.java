package mansio.serve.smtpserver;

import mansio.net.listen.Connection;
import mansio.net.listen.TlsFacts;
import mansio.serve.login.LogInExchange;
import mansio.state.directory.Account;
import mansio.state.directory.NetworkOrigin;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What is known of a session between two commands. Owned by the session's thread; the handlers
 * change it, they never touch the connection.
 */
final class SessionState {
    private final SmtpSettings settings;
    private final Rooms rooms;
    private final Connection connection;
    private Greeting greeting = Greeting.NONE;
    private String client = "";

    /** Absent before log-in. */
    private @Nullable Account account;

    /** Absent outside of a mail transaction. */
    private @Nullable MailTransaction transaction;

    /** Absent unless AUTH waits for the client. */
    private @Nullable LogInExchange authExchange;

    private int messages;
    private long chunkSize;
    private boolean lastChunk;

    /** How the client said hello. */
    enum Greeting {
        NONE,
        HELO,
        EHLO,
        LHLO
    }

    SessionState(SmtpSettings settings, Rooms rooms, Connection connection) {
        this.settings = settings;
        this.rooms = rooms;
        this.connection = connection;
    }

    SmtpSettings settings() {
        return settings;
    }

    Flavour flavour() {
        return settings.flavour();
    }

    Rooms rooms() {
        return rooms;
    }

    String sessionId() {
        return connection.id();
    }

    InetAddress peer() {
        return connection.peer().getAddress();
    }

    NetworkOrigin network() {
        return NetworkOrigin.of(peer());
    }

    Optional<TlsFacts> tls() {
        return connection.tls();
    }

    boolean canStartTls() {
        return connection.canStartTls();
    }

    boolean trusted() {
        return settings.access().trusted().test(peer());
    }

    /**
     * How many messages the session may bring: more from programs that send all they have over one
     * connection, but never without end.
     */
    int maxMessages() {
        int usual = settings.limits().maxMessages();
        return isNeighbour() ? Math.max(usual, SmtpSettings.Limits.NEIGHBOURS_MESSAGES) : usual;
    }

    /**
     * How many refusals it may cause: a neighbour may have a whole message's recipients refused.
     */
    int maxErrors() {
        SmtpSettings.Limits limits = settings.limits();
        return isNeighbour()
                ? Math.max(limits.maxErrors(), limits.maxRecipients())
                : limits.maxErrors();
    }

    private boolean isNeighbour() {
        return flavour() == Flavour.LMTP || trusted();
    }

    /** RFC 2033 section 4.2: how many replies the end of the message has. */
    int repliesAtEnd() {
        return flavour() == Flavour.LMTP && transaction != null
                ? transaction.recipients().size()
                : 1;
    }

    Greeting greeting() {
        return greeting;
    }

    /** What the client calls itself. */
    String client() {
        return client;
    }

    /** RFC 5321 section 4.1.4: EHLO and HELO also reset. */
    void greet(Greeting by, String name) {
        endTransaction();
        greeting = by;
        client = name;
    }

    /** RFC 3207 section 4.2: nothing learnt before TLS is believed after it. */
    void forget() {
        endTransaction();
        greeting = Greeting.NONE;
        client = "";
        account = null;
        authExchange = null;
    }

    Optional<Account> account() {
        return Optional.ofNullable(account);
    }

    void logIn(Account who) {
        account = who;
    }

    Optional<MailTransaction> transaction() {
        return Optional.ofNullable(transaction);
    }

    void begin(MailTransaction begun) {
        transaction = begun;
    }

    /** Ends the transaction, if any; what was not accepted by now is thrown away. */
    void endTransaction() {
        if (transaction != null) {
            transaction.abandon();
            transaction = null;
        }
    }

    /** How many messages were tried in this session. */
    int messages() {
        return messages;
    }

    void countMessage() {
        messages++;
    }

    Optional<LogInExchange> authExchange() {
        return Optional.ofNullable(authExchange);
    }

    void begin(LogInExchange begun) {
        authExchange = begun;
    }

    void endAuthExchange() {
        authExchange = null;
    }

    /** The chunk that BDAT announced. */
    long chunkSize() {
        return chunkSize;
    }

    boolean isLastChunk() {
        return lastChunk;
    }

    void announceChunk(long size, boolean last) {
        chunkSize = size;
        lastChunk = last;
    }
}
