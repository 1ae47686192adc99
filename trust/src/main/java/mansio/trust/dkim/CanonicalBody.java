package mansio.trust.dkim;

import java.util.ArrayList;
import java.util.List;

/**
 * Brings a body into a canonical form piece by piece, and gives it to hashes. Stretches that are
 * canonical already go to the hashes from the caller's bytes; small ones are gathered first.
 */
abstract sealed class CanonicalBody permits SimpleBody, RelaxedBody {
    private static final int GATHER = 1024;

    /** Empty lines, to be written many at a time. */
    private static final byte[] CRLFS = crlfs();

    private final List<BodyHash> hashes = new ArrayList<>();
    private final byte[] gathered = new byte[16 << 10];
    private int length;
    private boolean hasContent;

    static CanonicalBody of(Canonicalization form) {
        return switch (form) {
            case SIMPLE -> new SimpleBody();
            case RELAXED -> new RelaxedBody();
        };
    }

    private static byte[] crlfs() {
        byte[] bytes = new byte[GATHER];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 2 == 0 ? '\r' : '\n');
        }
        return bytes;
    }

    void add(BodyHash hash) {
        hashes.add(hash);
    }

    /** Takes the next bytes; a line may be cut anywhere, between CR and LF too. */
    abstract void feed(byte[] bytes, int from, int to);

    /** Writes what the canonical form ends with. */
    abstract void finish();

    final void end() {
        finish();
        flush();
        hashes.forEach(BodyHash::end);
    }

    /** True once anything was written. */
    final boolean hasContent() {
        return hasContent;
    }

    final void write(byte[] bytes, int from, int to) {
        int n = to - from;
        if (n == 0) {
            return;
        }
        hasContent = true;
        if (n > gathered.length - length) {
            flush();
        }
        if (n >= GATHER) {
            flush();
            give(bytes, from, n);
        } else {
            System.arraycopy(bytes, from, gathered, length, n);
            length += n;
        }
    }

    final void write(int octet) {
        if (length == gathered.length) {
            flush();
        }
        hasContent = true;
        gathered[length++] = (byte) octet;
    }

    final void writeCrlfs(long count) {
        for (long left = count * 2; left > 0; left -= CRLFS.length) {
            write(CRLFS, 0, (int) Math.min(left, CRLFS.length));
        }
    }

    private void flush() {
        if (length > 0) {
            give(gathered, 0, length);
            length = 0;
        }
    }

    private void give(byte[] bytes, int from, int n) {
        for (BodyHash hash : hashes) {
            hash.update(bytes, from, n);
        }
    }
}
