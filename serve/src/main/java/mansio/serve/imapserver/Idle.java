package mansio.serve.imapserver;

import mansio.codec.imap.CommandFeed.LineTooLongException;
import mansio.codec.imap.Reply;
import mansio.net.listen.Connection;
import mansio.serve.imapserver.Updates.Telling;
import mansio.state.mailbox.MailAccount;
import mansio.state.store.Partition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * IDLE: RFC 9051 section 6.3.13, RFC 2177. While the connection's thread waits for DONE, a change
 * of the account starts a notifier, a thread that lives as long as there is something to tell; an
 * idle session has none. Both hold the wire's lock for what they share.
 */
final class Idle {
    private static final Logger LOG = LoggerFactory.getLogger(Idle.class);
    private static final int DONE_LINE = 64;

    private final Call call;
    private final Connection connection;
    private final ReentrantLock lock;
    private final MailAccount mail;

    /** Guards what follows; never held while anything is written, so that waking never waits. */
    private final ReentrantLock wakeLock = new ReentrantLock();

    private boolean idling = true;
    private boolean telling;
    private boolean again;

    private Idle(Call call, Connection connection) {
        this.call = call;
        this.connection = connection;
        this.lock = call.wire().lock();
        this.mail = call.session().mail();
    }

    static Reply handle(Call call, Connection connection) throws IOException {
        return new Idle(call, connection).run();
    }

    private Reply run() throws IOException {
        call.out().goAhead("idling");
        call.wire().expectLine();
        Partition.Subscription subscription = mail.listen(_ -> wake());
        try {
            tellNow(); // What came between the last command and the subscription.
            byte[] line = call.wire().line(DONE_LINE);
            boolean done = new String(line, StandardCharsets.US_ASCII).equalsIgnoreCase("DONE");
            return done ? Replies.IDLE_ENDED : Replies.DONE_EXPECTED;
        } catch (LineTooLongException e) {
            return Replies.DONE_EXPECTED;
        } finally {
            subscription.close();
            stop();
        }
    }

    /** After this the notifier touches neither wire nor session. */
    private void stop() {
        wakeLock.lock();
        try {
            idling = false;
        } finally {
            wakeLock.unlock();
        }
        lock.lock();
        try {
            call.updates().rest(); // By now a notifier in the middle of a response has ended it.
        } finally {
            lock.unlock();
        }
    }

    /** Called by any thread; returns at once. */
    private void wake() {
        wakeLock.lock();
        try {
            again = true;
            if (idling && !telling) {
                telling = true;
                call.session()
                        .environment()
                        .threads()
                        .start("imap-idle-" + connection.id(), this::tellAll);
            }
        } finally {
            wakeLock.unlock();
        }
    }

    private void tellAll() {
        try {
            while (isWanted()) {
                tellNow();
            }
        } catch (PeerGoneException e) {
            connection.close(); // The reading thread ends the session.
        } catch (IOException e) {
            // What cannot be told now is told with the next change, or after DONE.
            LOG.warn("session={} cannot tell of changes now", connection.id(), e);
            rest();
        }
    }

    private void rest() {
        wakeLock.lock();
        try {
            telling = false;
        } finally {
            wakeLock.unlock();
        }
    }

    private boolean isWanted() {
        wakeLock.lock();
        try {
            telling = idling && again;
            again = false;
            return telling;
        } finally {
            wakeLock.unlock();
        }
    }

    private boolean isIdling() {
        wakeLock.lock();
        try {
            return idling;
        } finally {
            wakeLock.unlock();
        }
    }

    private void tellNow() throws IOException {
        lock.lock();
        try {
            if (!isIdling() || call.session().selected().isEmpty()) {
                return;
            }
            if (!call.updates().tell(mail, call.mailbox(), Telling.ALL)) {
                connection.close(); // Somebody has deleted the mailbox.
                return;
            }
            call.updates().rest();
            call.wire().flushBeside();
        } finally {
            lock.unlock();
        }
    }
}
