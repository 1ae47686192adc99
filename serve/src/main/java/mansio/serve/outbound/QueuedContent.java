package mansio.serve.outbound;

import mansio.codec.line.ByteSource;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.message.SevenBit;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;

import java.io.IOException;
import java.util.Optional;

/** The bytes of a queued message, and what has to be known of them. Used by one thread. */
final class QueuedContent {
    private static final int BLOCK = 64 * 1024;

    private final Blobs blobs;
    private final QueueEntry entry;
    private final Content content;

    /**
     * @param content what goes out of it
     */
    QueuedContent(Blobs blobs, QueueEntry entry, Content content) {
        this.blobs = blobs;
        this.entry = entry;
        this.content = content;
    }

    /** Which octets above 127 there are. */
    private record HighBits(boolean any, boolean inHeader) {}

    /**
     * Reads through the message: what the sender declared is not to be relied on.
     *
     * @param own whether it was submitted here: then it may be encoded anew
     * @throws IOException when it cannot be read
     */
    OutgoingMessage.Content look(boolean own) throws IOException {
        HighBits bits = scan();
        // Without SMTPUTF8 from the sender, octets in a header are an old bad habit: they pass.
        boolean utf8Header = entry.envelope().smtpUtf8() && bits.inHeader;
        Optional<Opener> sevenBit =
                bits.any && own && entry.envelope().body() != Envelope.Body.BINARY_MIME
                        ? sevenBit()
                        : Optional.empty();
        return new OutgoingMessage.Content(
                content.length(),
                bits.any,
                utf8Header,
                () -> reading(new ContentReader(blobs, content)),
                sevenBit);
    }

    private HighBits scan() throws IOException {
        ContentReader reader = new ContentReader(blobs, content);
        byte[] block = new byte[BLOCK];
        boolean inHeader = true;
        boolean headerBits = false;
        boolean lineHasText = false;
        int count;
        while ((count = reader.read(block, 0, block.length)) >= 0) {
            for (int i = 0; i < count; i++) {
                byte octet = block[i];
                if (octet < 0 && !inHeader) return new HighBits(true, headerBits);
                if (!inHeader) continue;
                if (octet < 0) headerBits = true;
                if (octet == '\n') {
                    inHeader = lineHasText;
                    lineHasText = false;
                } else if (octet != '\r') {
                    lineHasText = true;
                }
            }
        }
        return new HighBits(headerBits, headerBits);
    }

    private Optional<Opener> sevenBit() throws IOException {
        ContentReader reader = new ContentReader(blobs, content);
        MessageParser parser = new MessageParser();
        byte[] block = new byte[BLOCK];
        int count;
        while ((count = reader.read(block, 0, block.length)) >= 0) parser.feed(block, 0, count);
        ParsedMessage message = parser.finish();
        SevenBit.RandomBytes bytes =
                (position, to, offset, length) -> {
                    reader.seek(position);
                    return reader.read(to, offset, length);
                };
        return SevenBit.of(message, bytes).map(it -> () -> reading(it.open()));
    }

    private static Reading reading(ByteSource source) {
        return new Reading() {
            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return source.read(to, offset, length);
            }

            @Override
            public void close() {
                // Nothing is held open.
            }
        };
    }
}
