package mansio.serve.imapserver;

import mansio.codec.line.BufferPool;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.MailCharset;
import mansio.codec.text.TransferDecoder;
import mansio.codec.text.Unicode;
import mansio.state.store.ContentReader;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Substrings without regard to case in texts of any size: RFC 9051 section 6.4.4. Texts are decoded
 * (transfer encoding, charset) and folded as they pass; a window as long as the wanted text is all
 * that is kept.
 */
final class TextFinder {
    private static final int CHARS = 4096;

    private final BufferPool buffers;

    TextFinder(BufferPool buffers) {
        this.buffers = buffers;
    }

    static boolean contains(String text, String wanted) {
        return Unicode.foldCase(text).contains(Unicode.foldCase(wanted));
    }

    /** True when a text part below, or the header of a part, has the text. */
    boolean inBody(FetchedMessage message, BodyStructure body, String wanted) throws IOException {
        if (wanted.isEmpty()) {
            return true;
        }
        return switch (body) {
            case BodyStructure.Multipart multipart -> {
                for (BodyStructure child : multipart.children()) {
                    if (inHeader(message, child, wanted) || inBody(message, child, wanted)) {
                        yield true;
                    }
                }
                yield false;
            }
            case BodyStructure.Message inner ->
                    inHeader(message, inner.body(), wanted)
                            || inBody(message, inner.body(), wanted);
            case BodyStructure.Text text -> inText(message, text, wanted);
            case BodyStructure.Basic _ -> false; // Pictures and programs are no text.
        };
    }

    private static boolean inHeader(FetchedMessage message, BodyStructure part, String wanted)
            throws IOException {
        Parts.Range range =
                new Parts.Range(
                        part.facts().extent().headerStart(), part.facts().extent().bodyStart());
        for (HeaderField field : Header.parse(SectionReader.header(message, range)).fields()) {
            if (contains(field.name() + ": " + field.decoded(), wanted)) {
                return true;
            }
        }
        return false;
    }

    private boolean inText(FetchedMessage message, BodyStructure.Text part, String wanted)
            throws IOException {
        BodyStructure.Facts facts = part.facts();
        Charset charset =
                MailCharset.find(facts.contentType().charset()).orElse(StandardCharsets.UTF_8);
        int chars = (int) Math.min(CHARS, facts.extent().bodySize() + 1);
        Window window = new Window(charset, Unicode.foldCase(wanted), chars);
        TransferDecoder decoder = TransferDecoder.of(facts.fields().encoding());
        ContentReader content = message.open();
        content.seek(facts.extent().bodyStart());
        byte[] buffer = buffers.lease();
        try {
            long left = facts.extent().bodySize();
            while (left > 0 && !window.found) {
                int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    break;
                }
                decoder.decode(buffer, 0, count, window);
                left -= count;
            }
            decoder.finish(window);
            window.end();
        } finally {
            buffers.giveBack(buffer);
        }
        return window.found;
    }

    /** Takes octets, keeps folded text. */
    private static final class Window extends OutputStream {
        private final CharsetDecoder decoder;
        private final String wanted;
        private final StringBuilder text = new StringBuilder();
        private final CharBuffer chars;
        private byte[] rest = new byte[0];
        private boolean found;

        Window(Charset charset, String wanted, int chars) {
            this.chars = CharBuffer.allocate(chars);
            this.decoder =
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE);
            this.wanted = wanted;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            byte[] octets = new byte[rest.length + length];
            System.arraycopy(rest, 0, octets, 0, rest.length);
            System.arraycopy(from, offset, octets, rest.length, length);
            ByteBuffer in = ByteBuffer.wrap(octets);
            decode(in, false);
            rest = new byte[in.remaining()];
            in.get(rest);
        }

        void end() {
            decode(ByteBuffer.wrap(rest), true);
        }

        private void decode(ByteBuffer in, boolean last) {
            boolean more = true;
            while (more && !found) {
                more = decoder.decode(in, chars, last).isOverflow();
                chars.flip();
                look(chars.toString());
                chars.clear();
            }
        }

        private void look(String more) {
            text.append(Unicode.foldCase(more));
            found |= text.indexOf(wanted) >= 0;
            int keep = Math.min(text.length(), wanted.length() - 1);
            text.delete(0, text.length() - keep);
        }
    }
}
