package mansio.state.store;

import mansio.codec.message.HeaderRewriter.Edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a message as a list of pieces: what was received stands untouched in a blob, what we
 * add stands inline in front of it, what we cut is left out. Sizes and offsets of everything else
 * (RFC822.SIZE, BODYSTRUCTURE, signatures) speak of the spliced bytes. Immutable.
 */
public record Content(List<Piece> pieces) {
    /** Inline bytes of one content, in all. */
    public static final int MAX_INLINE_BYTES = 64 << 10;

    /** Pieces of one content. */
    public static final int MAX_PIECES = 1_000;

    /** A run of bytes. */
    public sealed interface Piece {
        long length();
    }

    /** Bytes kept beside the reference. The array is never changed. */
    public record Inline(byte[] bytes) implements Piece {
        @Override
        public long length() {
            return bytes.length;
        }
    }

    /** A range of a blob. */
    public record BlobRange(BlobId blob, long offset, long length) implements Piece {
        public BlobRange {
            if (offset < 0 || length < 0)
                throw new IllegalArgumentException("range " + offset + "+" + length);
        }
    }

    public Content {
        pieces = List.copyOf(pieces);
        long inline = 0;
        for (Piece piece : pieces) if (piece instanceof Inline i) inline += i.bytes().length;
        if (pieces.size() > MAX_PIECES || inline > MAX_INLINE_BYTES) {
            throw new IllegalArgumentException(
                    pieces.size() + " pieces, " + inline + " bytes inline");
        }
    }

    /** A whole blob. */
    public static Content of(BlobId blob, long length) {
        return new Content(List.of(new BlobRange(blob, 0, length)));
    }

    /** This content with bytes in front. */
    public Content prepend(byte[] bytes) {
        List<Piece> more = new ArrayList<>(pieces.size() + 1);
        more.add(new Inline(bytes));
        more.addAll(pieces);
        return new Content(more);
    }

    /**
     * This content with other bytes in some places.
     *
     * @param edits in the order of their places, none over another, none behind the end
     */
    public Content with(List<Edit> edits) {
        if (edits.isEmpty()) return this;
        List<Piece> changed = new ArrayList<>(pieces.size() + 2 * edits.size());
        long at = 0;
        for (Edit edit : edits) {
            copy(at, edit.from(), changed);
            changed.add(new Inline(edit.bytes()));
            at = edit.to();
        }
        copy(at, length(), changed);
        return new Content(changed);
    }

    private void copy(long from, long to, List<Piece> out) {
        long start = 0;
        for (Piece piece : pieces) {
            long first = Math.max(from, start);
            long end = Math.min(to, start + piece.length());
            if (first < end) out.add(part(piece, first - start, end - first));
            start += piece.length();
        }
    }

    private static Piece part(Piece piece, long offset, long length) {
        if (length == piece.length()) return piece;
        return switch (piece) {
            case Inline(byte[] bytes) ->
                    new Inline(Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length)));
            case BlobRange(BlobId blob, long start, long _) ->
                    new BlobRange(blob, start + offset, length);
        };
    }

    /** How many bytes the spliced content has. */
    public long length() {
        long sum = 0;
        for (Piece piece : pieces) sum += piece.length();
        return sum;
    }

    /** The blobs it refers to. */
    public List<BlobId> blobs() {
        return pieces.stream()
                .filter(BlobRange.class::isInstance)
                .map(piece -> ((BlobRange) piece).blob())
                .distinct()
                .toList();
    }

    /**
     * Stores the list: a count, then each piece with its location tag (0 inline, 1 blob of this
     * store).
     */
    public void writeTo(ValueWriter out) {
        out.varint(pieces.size());
        for (Piece piece : pieces) {
            switch (piece) {
                case Inline(byte[] bytes) -> out.u8(0).bytes(bytes);
                case BlobRange(BlobId blob, long offset, long length) ->
                        out.u8(1).raw(blob.toBytes()).varint(offset).varint(length);
            }
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Content readFrom(ValueReader in) {
        int count = in.count();
        if (count > MAX_PIECES) throw new IllegalStateException(count + " pieces");
        List<Piece> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int location = in.u8();
            pieces.add(
                    switch (location) {
                        case 0 -> new Inline(in.bytes());
                        case 1 ->
                                new BlobRange(
                                        BlobId.ofBytes(in.raw(BlobId.BYTES), 0),
                                        in.varint(),
                                        in.varint());
                        default -> throw new IllegalStateException("location tag " + location);
                    });
        }
        return new Content(pieces);
    }
}
