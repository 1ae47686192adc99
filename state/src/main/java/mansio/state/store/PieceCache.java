package mansio.state.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The pieces that were read in part just now: a message is read in small steps, and the engine
 * gives whole pieces. At most 2 MiB. Pieces never change, so there is nothing to keep in step but
 * deletion. Safe for use by any thread.
 */
final class PieceCache {
    private static final int SLOTS = 32;

    private record Piece(BlobId blob, int number, byte[] stored) {
        boolean is(BlobId wanted, int wantedNumber) {
            return number == wantedNumber && blob.equals(wanted);
        }
    }

    private final AtomicReferenceArray<Piece> slots = new AtomicReferenceArray<>(SLOTS);

    private static int slot(BlobId blob, int number) {
        int mixed = (blob.hashCode() * 31 + number) * 0x9E3779B9;
        return mixed >>> (32 - Integer.numberOfTrailingZeros(SLOTS));
    }

    Optional<byte[]> get(BlobId blob, int number) {
        Piece piece = slots.get(slot(blob, number));
        return piece != null && piece.is(blob, number)
                ? Optional.of(piece.stored)
                : Optional.empty();
    }

    void put(BlobId blob, int number, byte[] stored) {
        slots.set(slot(blob, number), new Piece(blob, number, stored));
    }

    /** Forgets a piece that was read to its end. */
    void remove(BlobId blob, int number) {
        Piece piece = slots.get(slot(blob, number));
        if (piece != null && piece.is(blob, number)) {
            slots.compareAndSet(slot(blob, number), piece, null);
        }
    }

    /** Forgets a blob that is being deleted. */
    void remove(BlobId blob) {
        for (int i = 0; i < SLOTS; i++) {
            Piece piece = slots.get(i);
            if (piece != null && piece.blob.equals(blob)) slots.compareAndSet(i, piece, null);
        }
    }
}
