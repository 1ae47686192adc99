package mansio.serve.imapserver;

import mansio.codec.line.BufferPool;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.MailCharset;
import mansio.codec.text.TransferDecoder;
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
 * Substrings without regard to case in bodies of any size: RFC 9051 section 6.4.4. Texts are
 * decoded (transfer encoding, charset) and folded as they pass; nothing of them is kept.
 */
final class TextFinder {
    private static final int CHARS = 4096;

    /** What decoding, folding and comparing a character costs, in steps of {@link Pace}. */
    private static final int CHAR_STEPS = 8;

    private final BufferPool buffers;
    private final Pace pace;

    TextFinder(BufferPool buffers, Pace pace) {
        this.buffers = buffers;
        this.pace = pace;
    }

    /** True when a header field, as a client would read it, has the text. */
    boolean inHeader(Header header, WantedText wanted) {
        for (HeaderField field : header.fields()) {
            if (contains(field.name() + ": " + field.decoded(), wanted)) {
                return true;
            }
        }
        return false;
    }

    boolean contains(String text, WantedText wanted) {
        pace.worked((long) CHAR_STEPS * text.length());
        return wanted.isIn(text);
    }

    /** True when a text part below, or the header of a part, has the text. */
    boolean inBody(FetchedMessage message, BodyStructure body, WantedText wanted)
            throws IOException {
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

    private boolean inHeader(FetchedMessage message, BodyStructure part, WantedText wanted)
            throws IOException {
        Parts.Range range =
                new Parts.Range(
                        part.facts().extent().headerStart(), part.facts().extent().bodyStart());
        return inHeader(Header.parse(SectionReader.header(message, range)), wanted);
    }

    private boolean inText(FetchedMessage message, BodyStructure.Text part, WantedText wanted)
            throws IOException {
        BodyStructure.Facts facts = part.facts();
        Charset charset =
                MailCharset.find(facts.contentType().charset()).orElse(StandardCharsets.UTF_8);
        int chars = (int) Math.min(CHARS, facts.extent().bodySize() + 1);
        Window window = new Window(charset, wanted.search(), chars);
        TransferDecoder decoder = TransferDecoder.of(facts.fields().encoding());
        ContentReader content = message.open();
        content.seek(facts.extent().bodyStart());
        byte[] buffer = buffers.lease();
        try {
            long left = facts.extent().bodySize();
            while (left > 0 && !window.search.found()) {
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
        return window.search.found();
    }

    /** Takes octets, looks at their text. */
    private final class Window extends OutputStream {
        private final CharsetDecoder decoder;
        private final WantedText.Search search;
        private final CharBuffer chars;
        private byte[] rest = new byte[0];

        Window(Charset charset, WantedText.Search search, int chars) {
            this.chars = CharBuffer.allocate(chars);
            this.decoder =
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE);
            this.search = search;
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
            while (more && !search.found()) {
                more = decoder.decode(in, chars, last).isOverflow();
                chars.flip();
                pace.worked((long) CHAR_STEPS * chars.remaining());
                search.goOn(chars.toString());
                chars.clear();
            }
        }
    }
}
