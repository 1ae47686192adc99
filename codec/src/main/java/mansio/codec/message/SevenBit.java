package mansio.codec.message;

import mansio.codec.line.ByteSource;
import mansio.codec.text.TransferEncoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The same message without octets above 127, for servers that do not take 8BITMIME (RFC 6152
 * section 3): bodies of parts that have such octets get a transfer encoding, and of the headers
 * only Content-Transfer-Encoding is changed. Made for one message; may be opened several times.
 */
public final class SevenBit {
    /** A longer text becomes base64, which needs no memory. */
    private static final long MAX_QUOTED_PRINTABLE = 1 << 20;

    /** Whole lines of base64: 57 octets become 76. */
    private static final int BASE64_BLOCK = 57 * 256;

    private static final int BLOCK = 16 * 1024;
    private static final String ENCODING = "Content-Transfer-Encoding";

    private final RandomBytes bytes;
    private final List<Piece> pieces;

    /** Reads a message from any position. */
    @FunctionalInterface
    public interface RandomBytes {
        /**
         * @return how many bytes were put into {@code to}, at least one; -1 at the end
         */
        int read(long position, byte[] to, int offset, int length) throws IOException;
    }

    /** What stands in the new message. */
    private sealed interface Piece {
        record Copy(long from, long to) implements Piece {}

        record Text(byte[] bytes) implements Piece {}

        record QuotedPrintable(long from, long to) implements Piece {}

        record Base64(long from, long to) implements Piece {}
    }

    private SevenBit(RandomBytes bytes, List<Piece> pieces) {
        this.bytes = bytes;
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Looks at a message.
     *
     * @param message what {@link MessageParser} made of {@code bytes}
     * @return empty when it cannot be done without harm: an octet above 127 stands in a header, in
     *     a signed part (RFC 1847 section 2.1), in a part whose encoding is not known, or the
     *     message does not say that it is MIME
     */
    public static Optional<SevenBit> of(ParsedMessage message, RandomBytes bytes)
            throws IOException {
        if (message.header().first("MIME-Version").isEmpty()) return Optional.empty();
        Planner planner = new Planner(bytes);
        if (!planner.plan(message.root())) return Optional.empty();
        return Optional.of(new SevenBit(bytes, planner.pieces(message.size())));
    }

    /** The new message from its beginning. Used by one thread. */
    public ByteSource open() {
        return new Reader();
    }

    /** A piece that takes the place of {@code from} to {@code to}. */
    private record Change(long from, long to, Piece piece) {}

    /** Collects what has to change. */
    private static final class Planner {
        private final RandomBytes bytes;
        private final List<Change> changes = new ArrayList<>();

        Planner(RandomBytes bytes) {
            this.bytes = bytes;
        }

        /** False when it cannot be done. */
        boolean plan(Part part) throws IOException {
            Extent extent = part.extent();
            if (!hasHighBits(extent.headerStart(), extent.bodyEnd())) return true;
            if (hasHighBits(extent.headerStart(), extent.bodyStart())
                    || part.contentType().is("multipart", "signed")
                    || !part.isIdentityEncoded()) {
                return false;
            }
            if (part.children().isEmpty() && part.message().isEmpty()) {
                return planLeaf(part);
            }
            for (Part child : part.children()) if (!plan(child)) return false;
            if (part.message().isPresent() && !plan(part.message().get())) return false;
            return planFrame(part);
        }

        private boolean planLeaf(Part part) {
            // RFC 2045 section 6.4 and RFC 2046 section 5.2.1: these may have no other encoding.
            if (part.contentType().isMultipart() || part.contentType().isMessage()) return false;
            long from = part.extent().bodyStart();
            long to = part.extent().bodyEnd();
            boolean quoted = part.contentType().isText() && to - from <= MAX_QUOTED_PRINTABLE;
            encoding(part, quoted ? "quoted-printable" : "base64");
            changes.add(
                    new Change(
                            from,
                            to,
                            quoted
                                    ? new Piece.QuotedPrintable(from, to)
                                    : new Piece.Base64(from, to)));
            return true;
        }

        /** What stands between the parts of a multipart must be plain as it is. */
        private boolean planFrame(Part part) throws IOException {
            long at = part.extent().bodyStart();
            for (Part child : part.children()) {
                if (hasHighBits(at, child.extent().headerStart())) return false;
                at = child.extent().bodyEnd();
            }
            if (part.message().isEmpty() && hasHighBits(at, part.extent().bodyEnd())) return false;
            if (!part.transferEncoding().equals("7bit")) encoding(part, "7bit");
            return true;
        }

        private void encoding(Part part, String name) {
            byte[] field = (ENCODING + ": " + name + "\r\n").getBytes(StandardCharsets.US_ASCII);
            Optional<HeaderField> old = part.header().first(ENCODING);
            long at =
                    old.or(() -> part.header().first("Content-Type"))
                            .map(HeaderField::offset)
                            .orElse(part.extent().headerStart());
            long end = old.map(it -> it.offset() + it.length()).orElse(at);
            changes.add(new Change(at, end, new Piece.Text(field)));
        }

        private boolean hasHighBits(long from, long to) throws IOException {
            byte[] block = new byte[BLOCK];
            long at = from;
            while (at < to) {
                int count = bytes.read(at, block, 0, (int) Math.min(block.length, to - at));
                if (count < 0) return false;
                for (int i = 0; i < count; i++) if (block[i] < 0) return true;
                at += count;
            }
            return false;
        }

        /** The whole message of {@code size} bytes, changed. */
        List<Piece> pieces(long size) {
            changes.sort(Comparator.comparingLong(Change::from));
            List<Piece> pieces = new ArrayList<>();
            long at = 0;
            for (Change change : changes) {
                if (change.from > at) pieces.add(new Piece.Copy(at, change.from));
                pieces.add(change.piece);
                at = change.to;
            }
            if (at < size) pieces.add(new Piece.Copy(at, size));
            return pieces;
        }
    }

    /** Goes through the pieces, a block at a time. */
    private final class Reader implements ByteSource {
        private int piece;
        private long inPiece;
        private byte[] block = {};
        private int used;

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (used == block.length) {
                if (piece == pieces.size()) return -1;
                block = next();
                used = 0;
            }
            int count = Math.min(length, block.length - used);
            System.arraycopy(block, used, to, offset, count);
            used += count;
            return count;
        }

        private byte[] next() throws IOException {
            return switch (pieces.get(piece)) {
                case Piece.Text(byte[] text) -> {
                    piece++;
                    yield text;
                }
                case Piece.Copy(long from, long end) -> range(from, end, BLOCK);
                case Piece.QuotedPrintable(long from, long end) ->
                        TransferEncoder.quotedPrintable(
                                range(from, end, (int) MAX_QUOTED_PRINTABLE));
                case Piece.Base64(long from, long end) -> base64(from, end);
            };
        }

        private byte[] base64(long from, long end) throws IOException {
            boolean first = inPiece == 0;
            byte[] encoded = TransferEncoder.base64(range(from, end, BASE64_BLOCK));
            if (first) return encoded;
            byte[] lines = new byte[encoded.length + 2];
            lines[0] = '\r';
            lines[1] = '\n';
            System.arraycopy(encoded, 0, lines, 2, encoded.length);
            return lines;
        }

        /** As much of the range as {@code max}; goes on to the next piece at its end. */
        private byte[] range(long from, long end, int max) throws IOException {
            long at = from + inPiece;
            byte[] some = new byte[(int) Math.min(max, end - at)];
            int length = 0;
            while (length < some.length) {
                int count = bytes.read(at + length, some, length, some.length - length);
                if (count < 0) throw new IOException("the message is shorter than it was");
                length += count;
            }
            inPiece += length;
            if (at + length == end) {
                piece++;
                inPiece = 0;
            }
            return length == some.length ? some : Arrays.copyOf(some, length);
        }
    }
}
