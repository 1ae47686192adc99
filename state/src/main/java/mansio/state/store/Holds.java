package mansio.state.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The blobs that one command takes hold of. Lives on the command's thread. */
final class Holds {
    private final StagedBlobs blobs;
    private final List<StagedBlob> claimed = new ArrayList<>();
    private final List<BlobId> handedOn = new ArrayList<>();
    private int pieceBytes;

    Holds(StagedBlobs blobs) {
        this.blobs = blobs;
    }

    long nowMillis() {
        return blobs.nowMillis();
    }

    /** True when no command that has come to its end has held it yet. */
    boolean isNew(BlobId blob) {
        return blobs.staged(blob).map(StagedBlob::isHeldByNobody).orElse(false);
    }

    /** The partition lets go of it. */
    void released(BlobId blob) {
        blobs.released(blob);
    }

    /**
     * Makes sure that the blob is here to stay, and adds its bytes to the command's write when they
     * are not on disk yet.
     *
     * @return its number of pieces
     * @throws BlobMissingException when it is neither staged nor held by anybody
     */
    int claim(BlobId blob, List<Op> beside) throws IOException {
        Optional<StagedBlob> staged = blobs.staged(blob);
        if (staged.isPresent() && staged.get().claim()) {
            claimed.add(staged.get());
            Optional<Op.Put> piece = staged.get().unwrittenPiece();
            if (piece.isPresent()) addPiece(blob, piece.get(), beside);
            return staged.get().pieces();
        }
        blobs.startHandOn(blob);
        handedOn.add(blob);
        return blobs.heldPieces(blob).orElseThrow(() -> new BlobMissingException(blob));
    }

    /** A command of many short blobs must not make a write of many megabytes. */
    private void addPiece(BlobId blob, Op.Put piece, List<Op> beside) {
        pieceBytes += piece.bytes();
        if (pieceBytes <= Turn.MAX_BYTES) beside.add(piece);
        else blobs.writeAhead(blob, piece);
    }

    /** What must happen when the command is durable. */
    void durable() {
        for (StagedBlob blob : claimed) blob.durable();
        for (BlobId blob : handedOn) blobs.endHandOn(blob);
    }

    /** The command is on its way: nothing of it is thrown away any more. */
    void submitted() {
        for (StagedBlob blob : claimed) blob.unclaim(true);
    }

    /** The command threw. */
    void abandoned() {
        for (StagedBlob blob : claimed) blob.unclaim(false);
        for (BlobId blob : handedOn) blobs.endHandOn(blob);
    }
}
