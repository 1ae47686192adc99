package mansio.state.store;

import mansio.codec.line.ByteSource;

import java.io.IOException;

/** Reads the spliced bytes of a content, from any position on. Owned by one thread. */
public final class ContentReader implements ByteSource {
    private final Blobs blobs;
    private final Content content;
    private int piece;
    private long inPiece;

    public ContentReader(Blobs blobs, Content content) {
        this.blobs = blobs;
        this.content = content;
    }

    /** Goes to {@code position}; behind the end, the next read says so. */
    public void seek(long position) {
        piece = 0;
        inPiece = position;
        while (piece < content.pieces().size() && inPiece >= content.pieces().get(piece).length()) {
            inPiece -= content.pieces().get(piece).length();
            piece++;
        }
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (piece < content.pieces().size() && inPiece >= content.pieces().get(piece).length()) {
            piece++;
            inPiece = 0;
        }
        if (piece == content.pieces().size()) return -1;
        int wanted = (int) Math.min(length, content.pieces().get(piece).length() - inPiece);
        int got =
                switch (content.pieces().get(piece)) {
                    case Content.Inline(byte[] bytes) -> {
                        System.arraycopy(bytes, (int) inPiece, to, offset, wanted);
                        yield wanted;
                    }
                    case Content.BlobRange range -> {
                        int n =
                                blobs.read(
                                        range.blob(), range.offset() + inPiece, to, offset, wanted);
                        if (n < 0) throw new BlobMissingException(range.blob());
                        yield n;
                    }
                };
        inPiece += got;
        return got;
    }
}
