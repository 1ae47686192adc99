package mansio.serve.outbound;

import mansio.codec.line.ByteSink;
import mansio.codec.smtp.DotWriter;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;

import java.io.IOException;
import java.util.List;

/** Shows a message to who signs it, as it will be on the wire: line ends and all. */
final class WireHash {
    private static final int BLOCK = 16 * 1024;

    private WireHash() {}

    /** Reads all of it. */
    static void read(Opener message, Crypto crypto, ContentPass.Reader reader) throws IOException {
        ContentPass pass = new ContentPass(crypto, List.of(reader));
        DotWriter out = DotWriter.withoutDots(new Hashed(pass));
        byte[] block = new byte[BLOCK];
        try (Reading content = message.open()) {
            int count;
            while ((count = content.read(block, 0, block.length)) >= 0) {
                out.write(block, 0, count);
            }
        }
        out.endLine();
        pass.end();
    }

    /** Octets go into the hashes. */
    private record Hashed(ContentPass pass) implements ByteSink {
        @Override
        public void write(byte[] from, int offset, int length) {
            pass.feed(from, offset, length);
        }

        @Override
        public void flush() {
            // Nothing waits.
        }
    }
}
