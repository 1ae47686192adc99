package mansio.net.smtpclient;

import mansio.codec.line.ByteSink;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.DotWriter;
import mansio.codec.smtp.Reply;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends the octets of one message, by DATA or by BDAT. No CR or LF leaves that is not part of a
 * CRLF. Used once, by one thread.
 */
final class ContentSender {
    private static final int BLOCK_BYTES = 16 * 1024;

    /** A chunk of BDAT (RFC 3030): one round trip would be a pity for less. */
    static final int CHUNK_BYTES = 64 * 1024;

    /** Chunks under way without reply: their replies surely fit where they wait for us. */
    private static final int MAX_UNANSWERED = 8;

    private final Wire wire;
    private final Timeouts timeouts;
    private final Opener opener;
    private final BeforeEnd beforeEnd;
    private long latestNanos;

    ContentSender(Wire wire, Timeouts timeouts, Opener opener, BeforeEnd beforeEnd) {
        this.wire = wire;
        this.timeouts = timeouts;
        this.opener = opener;
        this.beforeEnd = beforeEnd;
    }

    /** What is to be done when only the end is missing. */
    @FunctionalInterface
    interface BeforeEnd {
        void run() throws IOException;
    }

    /** Our own side cannot go on: says nothing about the server. */
    static final class LocalFault extends IOException {
        private static final long serialVersionUID = 1L;

        LocalFault(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** All of the message and the final dot, after 354. */
    void withDots() throws IOException {
        DotWriter out = new DotWriter(wire.content());
        long total = copy(out);
        announceEnd();
        wire.patience(timeouts.dataBlock());
        out.end();
        out.flush();
        wire.transcript().client("(" + total + " octets)");
    }

    /**
     * All of the message in chunks.
     *
     * @return why the server wanted no more, in which case the last chunk was not sent; empty when
     *     it was
     */
    Optional<Reply> inChunks(boolean pipelining) throws IOException {
        Chunks chunks = new Chunks(pipelining ? MAX_UNANSWERED : 0);
        try {
            DotWriter out = DotWriter.withoutDots(chunks);
            copy(out);
            out.endLine();
            // All are known to be well before the end: the last chunk's reply speaks for them all.
            chunks.settle(0);
        } catch (Rejected e) {
            return Optional.of(e.reply);
        }
        announceEnd();
        chunks.last();
        return Optional.empty();
    }

    private void announceEnd() throws LocalFault {
        try {
            beforeEnd.run();
        } catch (IOException e) {
            throw new LocalFault(e);
        }
    }

    private long copy(DotWriter out) throws IOException {
        latestNanos = wire.time().deadline(timeouts.content());
        byte[] block = new byte[BLOCK_BYTES];
        long total = 0;
        try (Reading content = opened()) {
            int count;
            while ((count = read(content, block)) >= 0) {
                wire.patience(timeouts.dataBlock(), latestNanos);
                out.write(block, 0, count);
                total += count;
            }
        }
        return total;
    }

    private Reading opened() throws LocalFault {
        try {
            Reading reading = opener.open();
            return new Reading() {
                @Override
                public int read(byte[] to, int offset, int length) throws IOException {
                    return reading.read(to, offset, length);
                }

                @Override
                public void close() throws LocalFault {
                    try {
                        reading.close();
                    } catch (IOException e) {
                        throw new LocalFault(e);
                    }
                }
            };
        } catch (IOException e) {
            throw new LocalFault(e);
        }
    }

    private static int read(Reading content, byte[] block) throws LocalFault {
        try {
            return content.read(block, 0, block.length);
        } catch (IOException e) {
            throw new LocalFault(e);
        }
    }

    /** A chunk was refused: the transaction is over (RFC 3030 section 2). */
    private static final class Rejected extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Reply reply;

        Rejected(Reply reply) {
            super(reply.toString());
            this.reply = reply;
        }
    }

    /** Gathers octets into chunks; the last one is kept back until it is asked for. */
    private final class Chunks implements ByteSink {
        private final byte[] chunk = new byte[CHUNK_BYTES];
        private final int maxUnanswered;
        private int used;
        private int unanswered;

        Chunks(int maxUnanswered) {
            this.maxUnanswered = maxUnanswered;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                if (used == chunk.length) {
                    send(false);
                    unanswered++;
                    settle(maxUnanswered);
                }
                int count = Math.min(end - at, chunk.length - used);
                System.arraycopy(from, at, chunk, used, count);
                used += count;
                at += count;
            }
        }

        @Override
        public void flush() {
            // Chunks leave when they are full.
        }

        void last() throws IOException {
            send(true);
        }

        private void send(boolean last) throws IOException {
            Duration patience = timeouts.dataBlock();
            wire.say(new Command.Bdat(used, last), patience);
            if (last) {
                wire.patience(patience);
            } else {
                wire.patience(patience, latestNanos);
            }
            ByteSink out = wire.content();
            out.write(chunk, 0, used);
            out.flush();
            used = 0;
        }

        /** Reads replies until at most {@code left} are due. */
        void settle(int left) throws IOException {
            while (unanswered > left) {
                Reply reply = wire.reply(timeouts.dataStart());
                unanswered--;
                if (!reply.isPositive()) {
                    // The others cannot be better; they must be read all the same.
                    while (unanswered > 0) {
                        wire.reply(timeouts.dataStart());
                        unanswered--;
                    }
                    throw new Rejected(reply);
                }
            }
        }
    }
}
