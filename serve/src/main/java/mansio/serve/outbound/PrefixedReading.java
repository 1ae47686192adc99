package mansio.serve.outbound;

import mansio.net.smtpclient.OutgoingMessage.Reading;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Octets in front of others. */
final class PrefixedReading implements Reading {
    private final Reading rest;

    /** Null when all of it was read. */
    private byte @Nullable [] prefix;

    private int at;

    PrefixedReading(byte[] prefix, Reading rest) {
        this.prefix = prefix.length == 0 ? null : prefix;
        this.rest = rest;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        byte[] front = prefix;
        if (front == null) return rest.read(to, offset, length);
        int count = Math.min(length, front.length - at);
        System.arraycopy(front, at, to, offset, count);
        at += count;
        if (at == front.length) prefix = null;
        return count;
    }

    @Override
    public void close() throws IOException {
        rest.close();
    }
}
