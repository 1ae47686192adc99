package mansio.serve.imapserver;

import mansio.codec.imap.CommandFeed;
import mansio.codec.imap.ResponseWriter;
import mansio.codec.line.BareLf;
import mansio.codec.line.ByteSink;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connection as the session sees it: lines and literals in, responses out. Responses leave when
 * the next read would wait for the peer. Failures of the connection are {@link PeerGoneException}s
 * here, so that no other trouble is taken for them.
 *
 * <p>The connection's thread reads. It writes too, and so does the notifier during IDLE; whoever
 * writes while the other may holds {@link #lock}.
 */
final class Wire implements CommandFeed {
    /** Octets that must move within one {@link ImapSettings.Timeouts#block}. */
    private static final int BLOCK = 16 * 1024;

    private final Connection connection;
    private final Environment environment;
    private final ImapSettings.Timeouts timeouts;
    private final LineReader reader;
    private final ResponseWriter out;
    private final ReentrantLock lock = new ReentrantLock();
    private final long loginDeadline;
    private Duration commandTimeout;
    private boolean known;
    private long readDeadline;
    private boolean betweenCommands;
    private long written;

    Wire(Connection connection, Environment environment, ImapSettings.Timeouts timeouts) {
        this.connection = connection;
        this.environment = environment;
        this.timeouts = timeouts;
        this.commandTimeout = timeouts.beforeLogin();
        this.loginDeadline = environment.time().deadline(timeouts.untilLogin());
        this.out = new ResponseWriter(new Sink());
        this.reader = new LineReader(this::readWaiting, environment.buffers(), BareLf.ENDS_LINE);
    }

    ResponseWriter out() {
        return out;
    }

    /** Guards {@link #out} and the session's state while the notifier may run. */
    ReentrantLock lock() {
        return lock;
    }

    /** From now on the client is somebody we know. */
    void loggedIn() {
        commandTimeout = timeouts.command();
        known = true;
    }

    /** Every wait for the peer ends here; what was written goes out first. */
    private int readWaiting(byte[] to, int offset, int length) throws IOException {
        lock.lock();
        try {
            connection.deadline(soonest(timeouts.block()));
            out.flush();
            await();
        } finally {
            lock.unlock();
        }
        try {
            return connection.in().read(to, offset, length);
        } catch (IOException e) {
            throw new PeerGoneException(e);
        }
    }

    /**
     * The time for one command line begins, or for the line that ends IDLE or answers a SASL
     * challenge. A server that stops ends this wait at once.
     */
    void expectLine() {
        deadline(commandTimeout, true);
    }

    /** The time to read or write one block begins. */
    void expectBlock() {
        deadline(timeouts.block(), false);
    }

    /** The time for a last word begins, whatever time there was before. */
    void expectFarewell() {
        known = true;
        expectBlock();
    }

    /** The line is here, and what it asks for begins: it may be finished though a server stops. */
    void begin() {
        deadline(commandTimeout, false);
    }

    private void deadline(Duration timeout, boolean idle) {
        readDeadline = soonest(timeout);
        betweenCommands = idle;
        await();
    }

    /** The time of somebody we do not know is bounded in all. */
    private long soonest(Duration timeout) {
        long deadline = environment.time().deadline(timeout);
        return known || deadline - loginDeadline < 0 ? deadline : loginDeadline;
    }

    private void await() {
        if (betweenCommands) {
            connection.idle(readDeadline);
        } else {
            connection.deadline(readDeadline);
        }
    }

    /** Sends what was written, from the notifier's thread; the reader's deadline stays. */
    void flushBeside() throws IOException {
        connection.deadline(soonest(timeouts.block()));
        out.flush();
        await();
    }

    @Override
    public byte[] line(int limitBytes) throws IOException, LineTooLongException {
        return switch (readLine(limitBytes + 2)) {
            case Line.Text(byte[] bytes) -> bytes;
            case Line.TooLong _ -> throw new LineTooLongException();
            case Line.BareLineFeed _ -> throw new IllegalStateException("bare LF ends a line here");
            case Line.End _ -> throw new PeerGoneException("the peer closed");
        };
    }

    private Line readLine(int limitBytes) throws PeerGoneException {
        try {
            return reader.readLine(limitBytes);
        } catch (PeerGoneException e) {
            throw e;
        } catch (IOException e) {
            throw new PeerGoneException(e); // A line so long that nobody waits for its end.
        }
    }

    @Override
    public void read(byte[] to, int offset, int length) throws IOException {
        int at = 0;
        while (at < length) {
            expectBlock();
            int count = reader.read(to, offset + at, Math.min(BLOCK, length - at));
            if (count < 0) {
                throw new PeerGoneException("the peer closed within a literal");
            }
            at += count;
        }
        begin();
    }

    @Override
    public void goAhead() throws IOException {
        out.goAhead("Ready for the literal");
    }

    /** RFC 9051 section 6.2.1: what came before the handshake is never obeyed after it. */
    void startTls() throws IOException {
        out.flush();
        reader.discardBuffered();
        expectBlock();
        try {
            connection.startTls();
        } catch (IOException e) {
            throw new PeerGoneException(e);
        }
    }

    void release() {
        reader.release();
    }

    /** Asked for anew each time: after STARTTLS the connection writes through TLS. */
    private final class Sink implements ByteSink {
        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            written += length;
            if (written >= BLOCK) {
                written = 0;
                connection.deadline(soonest(timeouts.block()));
            }
            try {
                connection.out().write(from, offset, length);
            } catch (IOException e) {
                throw new PeerGoneException(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                connection.out().flush();
            } catch (IOException e) {
                throw new PeerGoneException(e);
            }
        }
    }
}
