package mansio.codec.line;

import java.io.IOException;
import java.util.random.RandomGenerator;

/** Bytes that arrive in pieces whose sizes are drawn from a seed, one byte each at the least. */
final class Drip implements ByteSource {
    private final byte[] bytes;
    private final int biggest;
    private final RandomGenerator random;
    private int at;
    int reads;

    Drip(byte[] bytes, int biggest, RandomGenerator random) {
        this.bytes = bytes;
        this.biggest = biggest;
        this.random = random;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        reads++;
        if (at == bytes.length) {
            return -1;
        }
        int count = Math.min(Math.min(length, bytes.length - at), 1 + random.nextInt(biggest));
        System.arraycopy(bytes, at, to, offset, count);
        at += count;
        return count;
    }
}
