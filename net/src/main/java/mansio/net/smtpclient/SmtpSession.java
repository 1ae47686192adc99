package mansio.net.smtpclient;

import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.net.time.Time;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open session, ready for transactions one after the other. Used by one thread at a time; {@link
 * #close} may be called by any.
 */
public final class SmtpSession implements Closeable {
    private final SmtpClient client;
    private final Facts facts;
    private final SessionSettings settings;
    private final Extensions offered;
    private final Time time;
    private final long endNanos;
    private final ReentrantLock busy = new ReentrantLock();
    private int messages;
    private boolean needsReset;
    private volatile boolean over;

    /**
     * What is known of it, for the story.
     *
     * @param greeting the server's first words
     * @param ehloName how we introduced ourselves
     * @param tls empty when all goes in clear
     * @param notes oddities, a line each
     */
    public record Facts(
            MailHost host,
            SocketAddress peer,
            String greeting,
            String ehloName,
            Optional<SessionTls> tls,
            List<String> notes) {
        /** Host and address: {@code mx.example.org[192.0.2.1]}, or the path of a socket. */
        public String where() {
            return MailHost.shown(host.name(), peer);
        }
    }

    SmtpSession(SmtpClient client, Facts facts, SessionSettings settings, Time time) {
        this.client = client;
        this.facts = facts;
        this.settings = settings;
        this.offered = client.offered().without(settings.ignored());
        this.time = time;
        this.endNanos = time.deadline(settings.reuse().maxAge());
    }

    public Facts facts() {
        return facts;
    }

    /** What the server offers, without what is to be ignored. */
    public Extensions extensions() {
        return offered;
    }

    /** How many recipients one transaction may have here: 100, or fewer (RFC 9422 RCPTMAX). */
    public int maxRecipients() {
        return Math.min(
                OutgoingMessage.MAX_RECIPIENTS,
                offered.limit("RCPTMAX").orElse(OutgoingMessage.MAX_RECIPIENTS));
    }

    /** Whether another message may be sent. */
    public boolean usable() {
        int most =
                Math.min(
                        settings.reuse().maxMessages(),
                        offered.limit("MAILMAX").orElse(Integer.MAX_VALUE));
        return !over && messages < most && time.nanos() - endNanos < 0;
    }

    /**
     * One transaction. Nothing that the server or the network does is thrown.
     *
     * @param beforeDot called once, when only the end of the message is missing; not at all when it
     *     does not come to that
     * @return a verdict for each recipient
     * @throws IllegalStateException when the session is not {@link #usable}
     */
    public SendResult send(OutgoingMessage message, OutgoingMessage.BeforeDot beforeDot) {
        if (!usable()) {
            throw new IllegalStateException("the session is over");
        }
        Transaction transaction =
                new Transaction(
                        client.wire(),
                        new Transaction.Terms(
                                offered,
                                settings.protocol(),
                                settings.timeouts(),
                                facts.tls(),
                                maxRecipients()),
                        message,
                        beforeDot);
        boolean done = false;
        busy.lock();
        try {
            SendResult result = transaction.run(earlier());
            messages++;
            needsReset = transaction.needsReset();
            over = result.end() != SendResult.End.OPEN;
            done = true;
            return result;
        } finally {
            if (!done || over) {
                over = true;
                client.close();
            }
            busy.unlock();
        }
    }

    /**
     * Asks whether a message would be taken: MAIL, RCPT where there is a recipient, RSET, and never
     * DATA. For a session that nothing else is done with.
     *
     * @param reversePath empty for the null one
     * @param forwardPath empty to ask for the sender only
     * @return the first refusal; else the last reply
     * @throws IOException when the connection breaks
     */
    public Reply ask(Optional<Address> reversePath, Optional<Address> forwardPath)
            throws IOException {
        boolean utf8 =
                reversePath.filter(Address::needsUtf8).isPresent()
                        || forwardPath.filter(Address::needsUtf8).isPresent();
        MailParameters parameters =
                new MailParameters(
                        OptionalLong.empty(),
                        MailParameters.Body.UNSAID,
                        utf8 && offered.has("SMTPUTF8"),
                        Optional.empty(),
                        MailParameters.Dsn.NONE);
        busy.lock();
        try {
            Reply reply = client.mail(reversePath, parameters);
            if (reply.isPositive() && forwardPath.isPresent()) {
                reply = client.rcpt(forwardPath.get(), RcptParameters.NONE);
            }
            if (reply.code() != 421) client.rset();
            return reply;
        } finally {
            busy.unlock();
        }
    }

    private Transaction.Earlier earlier() {
        if (messages == 0) {
            return Transaction.Earlier.NONE;
        }
        return needsReset ? Transaction.Earlier.OPEN : Transaction.Earlier.ENDED;
    }

    /** All that was said, a line each; no content and no secrets. */
    public List<String> transcript() {
        return client.transcript();
    }

    /**
     * Says QUIT where somebody listens, waits a few seconds for the answer, and closes. A
     * transaction under way on another thread is cut off.
     */
    @Override
    public void close() {
        if (!busy.isHeldByCurrentThread() && busy.tryLock()) {
            try {
                if (!over) {
                    over = true;
                    farewell(client);
                }
            } finally {
                busy.unlock();
            }
        }
        client.close();
    }

    /** Ends it at once and without a word; a transaction on another thread fails. Any thread. */
    public void abort() {
        client.close();
    }

    static void farewell(SmtpClient client) {
        try {
            client.quit();
        } catch (IOException e) {
            // Nothing depends on it any more.
        }
    }
}
