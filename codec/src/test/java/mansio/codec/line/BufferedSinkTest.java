package mansio.codec.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;

class BufferedSinkTest {
    @Test
    void bytesLeaveInOrderWhateverTheirSizes() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            BufferPool pool = new BufferPool(32 + random.nextInt(30), 2);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            BufferedSink out = new BufferedSink(collector(sent), pool);
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            for (int i = 0; i < 50; i++) {
                byte[] piece = new byte[random.nextInt(60)];
                random.nextBytes(piece);
                out.write(piece, 0, piece.length);
                written.writeBytes(piece);
                if (random.nextInt(5) == 0) {
                    out.flush();
                    assertThat(sent.toByteArray()).isEqualTo(written.toByteArray());
                }
            }
            out.flush();
            assertThat(sent.toByteArray()).as("seed %s", seed).isEqualTo(written.toByteArray());
            assertThat(pool.resting()).isLessThanOrEqualTo(1);
        }
    }

    private static ByteSink collector(ByteArrayOutputStream to) {
        return new ByteSink() {
            @Override
            public void write(byte[] from, int offset, int length) {
                to.write(from, offset, length);
            }

            @Override
            public void flush() {}
        };
    }
}
