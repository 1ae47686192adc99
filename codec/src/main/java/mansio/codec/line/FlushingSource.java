package mansio.codec.line;

import java.io.IOException;

/**
 * Flushes the replies written so far before each read that may wait for the peer. A loop over a
 * {@link LineReader} on top so answers a pipelined group of commands in one piece (RFC 2920 section
 * 3.2), and no reply is ever held back while the peer waits for it.
 */
public final class FlushingSource implements ByteSource {
    private final ByteSource source;
    private final ByteSink replies;

    public FlushingSource(ByteSource source, ByteSink replies) {
        this.source = source;
        this.replies = replies;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        replies.flush();
        return source.read(to, offset, length);
    }
}
