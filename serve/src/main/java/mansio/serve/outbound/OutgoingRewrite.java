package mansio.serve.outbound;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderRewriter;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.Rewrites;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The generic rules: what own mail looks like to another server. The queue keeps it as it came.
 * Mail from outside is never touched. Safe for use by any thread.
 */
final class OutgoingRewrite {
    private static final Logger log = LoggerFactory.getLogger(OutgoingRewrite.class);

    /** A longer header leaves as it is. */
    private static final int MAX_HEADER = 256 << 10;

    private final Rewrites rules;
    private final Blobs blobs;

    OutgoingRewrite(Rewrites rules, Blobs blobs) {
        this.rules = rules;
        this.blobs = blobs;
    }

    private boolean applies(QueueEntry entry) {
        return entry.envelope().source().right() == Envelope.Right.OWN
                && rules.any(RewriteKind.GENERIC);
    }

    /**
     * The reverse-path that goes out. A rule for the sender takes the place of a signed path: what
     * signs for us cannot be known at the address that the rule leads to.
     */
    Optional<Address> reversePath(QueueEntry entry, Recipient recipient) throws IOException {
        Optional<Address> sender = entry.envelope().reversePath();
        if (applies(entry) && sender.isPresent()) {
            Optional<Address> other = rules.map(RewriteKind.GENERIC, sender.get(), Side.SENDER);
            if (other.isPresent()) return other;
        }
        return Outbound.reversePath(entry, recipient);
    }

    /** The message that goes out. */
    Content content(QueueEntry entry) throws IOException {
        Content content = entry.content();
        if (!applies(entry)) return content;
        Optional<byte[]> header = header(blobs, content);
        if (header.isEmpty()) {
            log.atInfo().addKeyValue("qid", entry.id()).log("too long a header to be rewritten");
            return content;
        }
        Edits edits =
                HeaderRewriter.edits(
                        Header.parse(header.get()),
                        (address, side) -> rules.map(RewriteKind.GENERIC, address, side));
        if (!edits.leftOut().isEmpty()) {
            log.atInfo()
                    .addKeyValue("qid", entry.id())
                    .log("too long to be rewritten: {}", String.join(", ", edits.leftOut()));
        }
        return content.with(edits.edits());
    }

    /** The message's beginning, its header in it; empty when that is too long. */
    static Optional<byte[]> header(Blobs blobs, Content content) throws IOException {
        ContentReader reader = new ContentReader(blobs, content);
        byte[] bytes = new byte[8 << 10];
        int length = 0;
        boolean lineHasText = false;
        while (true) {
            int count = reader.read(bytes, length, bytes.length - length);
            if (count < 0) return Optional.of(Arrays.copyOf(bytes, length));
            for (int end = length + count; length < end; length++) {
                if (bytes[length] == '\n') {
                    if (!lineHasText) return Optional.of(Arrays.copyOf(bytes, length + 1));
                    lineHasText = false;
                } else if (bytes[length] != '\r') {
                    lineHasText = true;
                }
            }
            if (length == MAX_HEADER) return Optional.empty();
            if (length == bytes.length) bytes = Arrays.copyOf(bytes, 2 * length);
        }
    }
}
