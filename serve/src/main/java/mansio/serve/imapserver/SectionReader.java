package mansio.serve.imapserver;

import mansio.codec.imap.FetchItem;
import mansio.codec.imap.FetchItem.Partial;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.FetchWriter;
import mansio.codec.line.BufferPool;
import mansio.codec.message.BodyStructure;
import mansio.codec.text.TransferDecoder;
import mansio.state.store.ContentReader;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the octets of messages: BODY[section], BINARY[part] and their like. Bodies pass through
 * one leased buffer, whatever their size.
 */
final class SectionReader {
    private static final Set<String> KNOWN_ENCODINGS =
            Set.of("7bit", "8bit", "binary", "base64", "quoted-printable");

    private final FetchWriter out;
    private final BufferPool buffers;

    SectionReader(FetchWriter out, BufferPool buffers) {
        this.out = out;
        this.buffers = buffers;
    }

    void body(FetchedMessage message, FetchItem.Body item) throws IOException {
        if (item.section().part().isEmpty() && isFiltered(item.section().text())) {
            inMemory(item, filter(message.header(), item.section().text()));
            return;
        }
        Optional<Parts.Range> range = range(message, item);
        if (range.isEmpty()) {
            out.bodyNil(item);
            return;
        }
        if (isFiltered(item.section().text())) {
            inMemory(item, filter(header(message, range.get()), item.section().text()));
            return;
        }
        Parts.Range clipped = clip(range.get(), item.partial());
        out.body(item, clipped.length());
        copy(message, clipped);
    }

    /** True for sections that are fields picked from a header. */
    static boolean isFiltered(SectionText text) {
        return text instanceof SectionText.HeaderFields
                || text instanceof SectionText.HeaderFieldsNot;
    }

    private static byte[] filter(byte[] header, SectionText text) {
        return switch (text) {
            case SectionText.HeaderFields fields ->
                    HeaderFilter.filter(header, fields.names(), true);
            case SectionText.HeaderFieldsNot not -> HeaderFilter.filter(header, not.names(), false);
            case SectionText.Whole _,
                    SectionText.Header _,
                    SectionText.Text _,
                    SectionText.Mime _ ->
                    throw new IllegalArgumentException("not of fields");
        };
    }

    /** The whole message needs no structure. */
    private static Optional<Parts.Range> range(FetchedMessage message, FetchItem.Body item)
            throws IOException {
        if (item.section().equals(FetchItem.Section.ALL)) {
            return Optional.of(new Parts.Range(0, message.email().size()));
        }
        return Parts.range(message.facts().structure(), message.email().size(), item.section());
    }

    private void inMemory(FetchItem.Body item, byte[] octets) throws IOException {
        Parts.Range clipped = clip(new Parts.Range(0, octets.length), item.partial());
        out.body(item, clipped.length());
        out.octets(octets, (int) clipped.start(), (int) clipped.length());
    }

    /** IMAP4rev1: RFC822 and its kin are sections under another name. */
    void rfc822(FetchedMessage message, String name, SectionText text) throws IOException {
        FetchItem.Section section = new FetchItem.Section(List.of(), text);
        Parts.Range range =
                Parts.range(message.facts().structure(), message.email().size(), section)
                        .orElse(Parts.Range.NONE);
        out.rfc822(name, range.length());
        copy(message, range);
    }

    static byte[] header(FetchedMessage message, Parts.Range range) throws IOException {
        byte[] header = new byte[(int) Math.min(HeaderFilter.MAX_BYTES, range.length())];
        ContentReader content = message.open();
        content.seek(range.start());
        int at = 0;
        while (at < header.length) {
            int count = content.read(header, at, header.length - at);
            if (count < 0) {
                return Arrays.copyOf(header, at);
            }
            at += count;
        }
        return header;
    }

    private static Parts.Range clip(Parts.Range range, Optional<Partial> partial) {
        if (partial.isEmpty()) {
            return range;
        }
        long offset = Math.min(range.length(), partial.get().offset());
        long length = Math.min(range.length() - offset, partial.get().length());
        long start = range.start() + offset;
        return new Parts.Range(start, start + length);
    }

    private void copy(FetchedMessage message, Parts.Range range) throws IOException {
        ContentReader content = message.open();
        content.seek(range.start());
        byte[] buffer = buffers.lease();
        try {
            for (long left = range.length(); left > 0; ) {
                int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("a message shorter than its structure");
                }
                out.octets(buffer, 0, count);
                left -= count;
            }
        } finally {
            buffers.giveBack(buffer);
        }
    }

    // ---- BINARY: RFC 3516

    /** False for BINARY of a part in an encoding that we do not know. */
    static boolean isDecodable(FetchedMessage message, FetchItem item) throws IOException {
        List<Integer> number =
                switch (item) {
                    case FetchItem.Binary binary -> binary.part();
                    case FetchItem.BinarySize size -> size.part();
                    case FetchItem.Simple _, FetchItem.Body _ -> List.of();
                };
        if (number.isEmpty()) {
            return true;
        }
        Optional<BodyStructure> part = Parts.find(message.facts().structure(), number);
        return part.isEmpty() || KNOWN_ENCODINGS.contains(encoding(part.get(), false));
    }

    void binary(FetchedMessage message, FetchItem.Binary item) throws IOException {
        Optional<BodyStructure> part = Parts.find(message.facts().structure(), item.part());
        if (part.isEmpty()) {
            out.binaryNil(item);
            return;
        }
        Parts.Range range = octets(message, part.get(), item.part().isEmpty());
        String encoding = encoding(part.get(), item.part().isEmpty());
        long whole = decode(message, range, encoding, OutputStream.nullOutputStream());
        Parts.Range clipped = clip(new Parts.Range(0, whole), item.partial());
        out.binary(item, clipped.length());
        long unused = decode(message, range, encoding, new Window(clipped));
        assert unused == whole;
    }

    void binarySize(FetchedMessage message, FetchItem.BinarySize item) throws IOException {
        Optional<BodyStructure> part = Parts.find(message.facts().structure(), item.part());
        if (part.isEmpty()) {
            out.binarySize(item, 0);
            return;
        }
        Parts.Range range = octets(message, part.get(), item.part().isEmpty());
        String encoding = encoding(part.get(), item.part().isEmpty());
        out.binarySize(item, decode(message, range, encoding, OutputStream.nullOutputStream()));
    }

    private static Parts.Range octets(
            FetchedMessage message, BodyStructure part, boolean isMessage) {
        if (isMessage) {
            return new Parts.Range(0, message.email().size());
        }
        return new Parts.Range(part.facts().extent().bodyStart(), part.facts().extent().bodyEnd());
    }

    /** Only leaves are encoded: RFC 2045 section 6.4. */
    private static String encoding(BodyStructure part, boolean isMessage) {
        boolean leaf = part instanceof BodyStructure.Text || part instanceof BodyStructure.Basic;
        return leaf && !isMessage ? part.facts().fields().encoding() : "binary";
    }

    /** Decodes a body; tells how many octets came of it. */
    private long decode(FetchedMessage message, Parts.Range range, String encoding, OutputStream to)
            throws IOException {
        Counting counting = new Counting(to);
        TransferDecoder decoder = TransferDecoder.of(encoding);
        ContentReader content = message.open();
        content.seek(range.start());
        byte[] buffer = buffers.lease();
        try {
            for (long left = range.length(); left > 0; ) {
                int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("a message shorter than its structure");
                }
                decoder.decode(buffer, 0, count, counting);
                left -= count;
            }
            decoder.finish(counting);
        } finally {
            buffers.giveBack(buffer);
        }
        return counting.count;
    }

    /** Counts what passes. */
    private static final class Counting extends OutputStream {
        private final OutputStream to;
        private long count;

        Counting(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int octet) throws IOException {
            to.write(octet);
            count++;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            to.write(from, offset, length);
            count += length;
        }
    }

    /** Lets through what lies in a range. */
    private final class Window extends OutputStream {
        private final Parts.Range range;
        private long at;

        Window(Parts.Range range) {
            this.range = range;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            long first = Math.max(at, range.start());
            long last = Math.min(at + length, range.end());
            if (first < last) {
                out.octets(from, offset + (int) (first - at), (int) (last - first));
            }
            at += length;
        }
    }
}
