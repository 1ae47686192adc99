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
 * of the account wakes a {@link Notifier}; an idle session has no second thread. Both hold the
 * wire's lock for what they share.
 */
final class Idle implements Notifier.Client {
    private static final Logger LOG = LoggerFactory.getLogger(Idle.class);
    private static final int DONE_LINE = 64;

    private final Call call;
    private final Connection connection;
    private final ReentrantLock lock;
    private final MailAccount mail;
    private final Notifier notifier;

    private Idle(Call call, Connection connection) {
        this.call = call;
        this.connection = connection;
        this.lock = call.wire().lock();
        this.mail = call.session().mail();
        this.notifier = new Notifier(this, call.session().environment(), connection.id());
    }

    static Reply handle(Call call, Connection connection) throws IOException {
        return new Idle(call, connection).run();
    }

    private Reply run() throws IOException {
        call.out().goAhead("idling");
        call.wire().expectLine();
        Partition.Subscription subscription = mail.listen(_ -> notifier.wake());
        try {
            tellFirst();
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

    /** What came between the last command and the subscription. */
    private void tellFirst() throws IOException {
        try {
            tell();
        } catch (PeerGoneException e) {
            throw e;
        } catch (IOException e) {
            if (!isWhole()) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("sid", connection.id())
                    .setCause(e)
                    .log("cannot tell of changes now");
            notifier.wake();
        }
    }

    /** After this the notifier touches neither wire nor session. */
    private void stop() {
        notifier.stop();
        lock.lock();
        try {
            call.updates().rest(); // By now a notifier in the middle of a response has ended it.
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void tell() throws IOException {
        lock.lock();
        try {
            if (!notifier.isOn() || call.session().selected().isEmpty()) {
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

    @Override
    public boolean isWhole() {
        lock.lock();
        try {
            return call.out().isWhole();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        connection.close();
    }
}
