package mansio.net.listen;

import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS over a connection's raw bytes. While it waits for a record it holds 16 bytes beside the
 * engine; buffers are leased for the records themselves.
 *
 * <p>One thread reads. Any may write: {@code wrapping} orders them, because the reading thread
 * writes too (a key update, an alert). Renegotiation is refused: it serves nobody any more and
 * costs the server more than the peer.
 */
final class TlsChannel {
    /** The biggest record JSSE makes or takes, 16,709 bytes, fits. */
    static final int RECORD_BYTES = 17 * 1024;

    private static final int IDLE_BYTES = 16;
    private static final int HEADER_BYTES = 5;
    private static final byte[] NONE = new byte[0];

    private final SSLEngine engine;
    private final ByteSource source;
    private final ByteSink sink;
    private final BufferPool pool;
    private final ReentrantLock wrapping = new ReentrantLock();
    private final byte[] idle = new byte[IDLE_BYTES];

    /** Cipher text: {@link #idle} or a leased buffer. */
    private byte[] cipher = idle;

    private int cipherStart;
    private int cipherEnd;

    /** Plain text of a record that the reader had no room for; leased, or {@link #NONE}. */
    private byte[] plain = NONE;

    private int plainStart;
    private int plainEnd;
    private boolean ended;

    /** {@code pool} lends buffers of {@link #RECORD_BYTES}. */
    TlsChannel(SSLEngine engine, ByteSource source, ByteSink sink, BufferPool pool) {
        this.engine = engine;
        this.source = source;
        this.sink = sink;
        this.pool = pool;
    }

    /** The handshake, to its end. When it fails the peer is told why by an alert. */
    void handshake() throws IOException {
        byte[] scratch = pool.lease();
        try {
            engine.beginHandshake();
            while (shaking()) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> {
                        if (!wrapHandshake()) {
                            throw new SSLException("the TLS handshake was broken off");
                        }
                    }
                    case NEED_TASK -> runTasks();
                    default -> unwrapHandshake(scratch);
                }
            }
        } catch (SSLException e) {
            alert();
            throw e;
        } finally {
            pool.giveBack(scratch);
        }
    }

    SSLEngine engine() {
        return engine;
    }

    int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (plainStart == plainEnd) {
            if (ended || !recordHeld()) {
                return -1;
            }
            if (length >= RECORD_BYTES) {
                int produced = unwrap(ByteBuffer.wrap(to, offset, length));
                if (produced > 0) {
                    return produced;
                }
            } else {
                unwrapAside();
            }
        }
        int count = Math.min(length, plainEnd - plainStart);
        System.arraycopy(plain, plainStart, to, offset, count);
        plainStart += count;
        if (plainStart == plainEnd) {
            releasePlain();
        }
        return count;
    }

    void write(byte[] from, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
        wrapping.lock();
        byte[] record = pool.lease();
        try {
            while (bytes.hasRemaining()) {
                ByteBuffer to = ByteBuffer.wrap(record);
                if (engine.wrap(bytes, to).getStatus() != Status.OK) {
                    throw new SSLException("TLS is closed");
                }
                sink.write(record, 0, to.position());
            }
        } finally {
            pool.giveBack(record);
            wrapping.unlock();
        }
    }

    /** Tells the peer that no more will come, unless another thread is writing. */
    void closeNotify() throws IOException {
        if (wrapping.tryLock()) {
            try {
                engine.closeOutbound();
                wrapHandshake();
            } finally {
                wrapping.unlock();
            }
        }
    }

    /** Gives all buffers back; by the reading thread, when it reads no more. */
    void release() {
        releasePlain();
        releaseCipher();
        ended = true;
    }

    private boolean shaking() {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    private void runTasks() {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    /**
     * Writes all that the engine has to say, as one piece where it fits.
     *
     * @return false when it has nothing more to say, ever
     */
    private boolean wrapHandshake() throws IOException {
        wrapping.lock();
        byte[] records = pool.lease();
        try {
            ByteBuffer to = ByteBuffer.wrap(records);
            SSLEngineResult result = engine.wrap(ByteBuffer.wrap(NONE), to);
            while (wrapsOn(result)) {
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    if (to.position() == 0) {
                        // A record header that lies about its length makes JSSE ask for more room.
                        throw stuck();
                    }
                    sink.write(records, 0, to.position());
                    to.clear();
                }
                result = engine.wrap(ByteBuffer.wrap(NONE), to);
            }
            if (to.position() > 0) {
                sink.write(records, 0, to.position());
            }
            return result.getStatus() == Status.OK;
        } finally {
            pool.giveBack(records);
            wrapping.unlock();
        }
    }

    private static boolean wrapsOn(SSLEngineResult result) throws SSLException {
        return switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> true;
            case OK -> {
                boolean more = result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                if (more && result.bytesProduced() == 0) {
                    throw stuck();
                }
                yield more;
            }
            case BUFFER_UNDERFLOW, CLOSED -> false;
        };
    }

    /** Whatever a peer has done to the engine, we never turn in a circle. */
    private static SSLException stuck() {
        return new SSLException("the TLS engine does not get on");
    }

    private void unwrapHandshake(byte[] scratch) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(cipher, cipherStart, cipherEnd - cipherStart);
        SSLEngineResult result = engine.unwrap(from, ByteBuffer.wrap(scratch));
        cipherStart = from.position();
        switch (result.getStatus()) {
            case OK -> {
                if (result.bytesConsumed() == 0
                        && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                    throw stuck();
                }
            }
            case BUFFER_UNDERFLOW -> {
                if (!fill()) {
                    throw new SSLException("the peer closed during the TLS handshake");
                }
            }
            case CLOSED -> throw new SSLException("the peer broke off the TLS handshake");
            case BUFFER_OVERFLOW -> throw new SSLException("application data in the handshake");
        }
    }

    /** Waits for a whole record; false when the peer has closed. */
    private boolean recordHeld() throws IOException {
        while (true) {
            int held = cipherEnd - cipherStart;
            if (held >= HEADER_BYTES) {
                int length =
                        ((cipher[cipherStart + 3] & 0xFF) << 8) | (cipher[cipherStart + 4] & 0xFF);
                if (held >= HEADER_BYTES + length) {
                    return true;
                }
                if (length > RECORD_BYTES - HEADER_BYTES) {
                    throw new SSLException("a record of " + length + " bytes");
                }
            }
            if (!fill()) {
                // Without close_notify too: our protocols have ends of their own.
                ended = true;
                return false;
            }
        }
    }

    private void unwrapAside() throws IOException {
        if (plain.length == 0) {
            plain = pool.lease();
        }
        plainStart = 0;
        plainEnd = 0;
        plainEnd = unwrap(ByteBuffer.wrap(plain));
        if (plainEnd == 0) {
            releasePlain();
        }
    }

    /** Takes one record; returns how many bytes of plain text it held. */
    private int unwrap(ByteBuffer to) throws IOException {
        try {
            ByteBuffer from = ByteBuffer.wrap(cipher, cipherStart, cipherEnd - cipherStart);
            SSLEngineResult result = engine.unwrap(from, to);
            cipherStart = from.position();
            switch (result.getStatus()) {
                case OK -> {
                    if (result.bytesConsumed() == 0) {
                        throw stuck();
                    }
                    afterRecord();
                }
                case CLOSED -> ended = true;
                case BUFFER_UNDERFLOW, BUFFER_OVERFLOW ->
                        throw new SSLException("a record that does not add up");
            }
            return result.bytesProduced();
        } catch (SSLException e) {
            alert();
            throw e;
        }
    }

    private void afterRecord() throws IOException {
        if (!shaking()) {
            return;
        }
        if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("renegotiation is refused");
        }
        runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            wrapHandshake();
        }
    }

    /** Says what went wrong, when the engine has something to say and the peer listens. */
    private void alert() {
        try {
            ended = true;
            engine.closeOutbound();
            wrapHandshake();
        } catch (IOException | RuntimeException e) {
            // The connection ends for the first error; this one adds nothing.
        }
    }

    private boolean fill() throws IOException {
        int held = cipherEnd - cipherStart;
        if (held == 0) {
            releaseCipher();
        } else if (cipherStart > 0) {
            System.arraycopy(cipher, cipherStart, cipher, 0, held);
            cipherStart = 0;
            cipherEnd = held;
        }
        if (cipherEnd == IDLE_BYTES && cipher.length == IDLE_BYTES) {
            cipher = pool.lease();
            System.arraycopy(idle, 0, cipher, 0, IDLE_BYTES);
        }
        if (cipherEnd == cipher.length) {
            throw new SSLException("a record too long");
        }
        int count = source.read(cipher, cipherEnd, cipher.length - cipherEnd);
        if (count < 0) {
            return false;
        }
        cipherEnd += count;
        return true;
    }

    private void releaseCipher() {
        cipherStart = 0;
        cipherEnd = 0;
        if (cipher.length != IDLE_BYTES) {
            byte[] leased = cipher;
            cipher = idle;
            pool.giveBack(leased);
        }
    }

    private void releasePlain() {
        plainStart = 0;
        plainEnd = 0;
        if (plain.length != 0) {
            byte[] leased = plain;
            plain = NONE;
            pool.giveBack(leased);
        }
    }
}
