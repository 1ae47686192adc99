package mansio.codec.text;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

/** 7bit, 8bit, binary and what nobody knows: the bytes as they are. */
final class Identity implements TransferDecoder {
    @Override
    public void decode(byte[] in, int offset, int length, OutputStream out) throws IOException {
        out.write(in, offset, length);
    }

    @Override
    public void finish(OutputStream out) {
        // Nothing is ever kept.
    }

    @Override
    public Set<Oddity> oddities() {
        return Set.of();
    }
}
