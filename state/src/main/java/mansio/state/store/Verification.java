package mansio.state.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One walk over everything: each stored value's checksum, each partition's version, holders against
 * holds and pieces, and what other rooms know of their tables. It may run beside a working server;
 * what looks wrong is looked at again before it is reported.
 */
final class Verification {
    private static final int PAGE_ENTRIES = 1_000;

    /** More notes than this are not kept in memory; waste is then not looked for. */
    private static final int MAX_LOOSE = 1_000_000;

    private final EngineStore store;
    private final Engine engine;
    private final Consumer<Finding> findings;
    private final Set<BlobId> loose = new HashSet<>();

    /** Up to here blobs are checked, and reported when they are not sound. */
    private Optional<BlobId> checked = Optional.empty();

    Verification(EngineStore store, Consumer<Finding> findings) {
        this.store = store;
        this.engine = store.engine();
        this.findings = findings;
    }

    void run(List<Verifier> verifiers) {
        attempt("entries", this::checkValues);
        attempt("notes of loose blobs", this::readLoose);
        attempt("blobs", this::checkBlobs);
        for (PartitionId.Kind kind : PartitionId.Kind.values()) {
            List<Verifier> covering = verifiers.stream().filter(v -> v.covers(kind)).toList();
            attempt("partitions of kind " + kind, () -> walkPartitions(kind, covering));
        }
    }

    /** A part of the check. */
    @FunctionalInterface
    private interface Part {
        void run() throws IOException;
    }

    /** What cannot be read is what is looked for here, and no reason to look no further. */
    private void attempt(String what, Part part) {
        try {
            part.run();
        } catch (IOException e) {
            damage("some " + what + " cannot be checked: " + e.getMessage());
        }
    }

    /** Reads every entry of the DATA space. */
    private void checkValues() throws IOException {
        Walk walk =
                new Walk(Space.DATA, new Engine.Bounds(new byte[] {0}, new byte[] {(byte) 255}));
        for (Optional<Engine.Stored> at = walk.next(); at.isPresent(); at = walk.next()) {
            byte[] key = at.get().key();
            check(key, at.get().value());
            if (key[0] != 0 && EngineKeys.partitionOf(key).isEmpty()) {
                damage("key " + HexFormat.of().formatHex(key) + " belongs to no kind of partition");
            }
        }
    }

    private boolean check(byte[] key, byte[] value) {
        try {
            ValueHeader.check(key, value);
            return true;
        } catch (IOException e) {
            damage(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void damage(String text) {
        findings.accept(Finding.damage(text));
    }

    private void readLoose() throws IOException {
        Walk walk = new Walk(Space.DATA, EngineKeys.looseBefore(Long.MAX_VALUE));
        for (Optional<Engine.Stored> at = walk.next(); at.isPresent(); at = walk.next()) {
            if (loose.size() < MAX_LOOSE) loose.add(EngineKeys.blobOfLoose(at.get().key()));
        }
    }

    /**
     * All pieces in the order of the disk; where that cannot be read on, the pieces of each blob
     * that somebody holds, one by one, so that all damaged ones are named.
     */
    private void checkBlobs() throws IOException {
        try {
            checkSideBySide();
        } catch (IOException e) {
            checkOneByOne();
        }
    }

    private void checkOneByOne() throws IOException {
        Engine.Bounds all = EngineKeys.allHolders();
        Walk holders =
                new Walk(
                        Space.DATA,
                        new Engine.Bounds(
                                checked.map(blob -> EngineKeys.holders(blob).to())
                                        .orElse(all.from()),
                                all.to()));
        Optional<Engine.Stored> holder = holders.next();
        while (holder.isPresent()) {
            BlobId blob = EngineKeys.blobOfHolder(holder.get().key());
            Blob seen = new Blob();
            for (; isOf(blob, holder, Space.DATA); holder = holders.next()) {
                seen.addHolder(holder.orElseThrow());
            }
            seen.readPieces(blob);
            if (!seen.isSound(blob)) lookAgainOneByOne(blob);
        }
    }

    /** A server at work may have changed it meanwhile. */
    private void lookAgainOneByOne(BlobId blob) throws IOException {
        Blob seen = new Blob();
        Walk holders = new Walk(Space.DATA, EngineKeys.holders(blob));
        for (var at = holders.next(); at.isPresent(); at = holders.next()) seen.addHolder(at.get());
        seen.readPieces(blob);
        if (!seen.holders.isEmpty()) seen.report(blob);
    }

    /** Walks over holders and pieces side by side: both are ordered by blob. */
    private void checkSideBySide() throws IOException {
        Walk holders = new Walk(Space.DATA, EngineKeys.allHolders());
        Walk pieces = new Walk(Space.PIECES, EngineKeys.allPieces());
        Optional<Engine.Stored> holder = holders.next();
        Optional<Engine.Stored> piece = pieces.next();
        while (holder.isPresent() || piece.isPresent()) {
            BlobId blob = first(holder, piece);
            Blob seen = new Blob();
            for (; isOf(blob, holder, Space.DATA); holder = holders.next()) {
                seen.addHolder(holder.orElseThrow());
            }
            for (; isOf(blob, piece, Space.PIECES); piece = pieces.next()) {
                seen.addPiece(piece.orElseThrow());
            }
            if (!seen.isSound(blob)) lookAgain(blob);
            checked = Optional.of(blob);
        }
    }

    private static BlobId first(Optional<Engine.Stored> holder, Optional<Engine.Stored> piece) {
        if (holder.isEmpty()) return BlobId.ofBytes(piece.orElseThrow().key(), 0);
        BlobId ofHolder = EngineKeys.blobOfHolder(holder.get().key());
        if (piece.isEmpty()) return ofHolder;
        BlobId ofPiece = BlobId.ofBytes(piece.get().key(), 0);
        return ofHolder.compareTo(ofPiece) <= 0 ? ofHolder : ofPiece;
    }

    private static boolean isOf(BlobId blob, Optional<Engine.Stored> at, Space space) {
        if (at.isEmpty()) return false;
        byte[] key = at.get().key();
        return blob.equals(
                switch (space) {
                    case DATA -> EngineKeys.blobOfHolder(key);
                    case PIECES -> BlobId.ofBytes(key, 0);
                });
    }

    private void lookAgain(BlobId blob) throws IOException {
        Blob seen = new Blob();
        Walk holders = new Walk(Space.DATA, EngineKeys.holders(blob));
        for (var at = holders.next(); at.isPresent(); at = holders.next()) seen.addHolder(at.get());
        Walk pieces = new Walk(Space.PIECES, EngineKeys.pieces(blob));
        for (var at = pieces.next(); at.isPresent(); at = pieces.next()) seen.addPiece(at.get());
        seen.report(blob);
    }

    /** What was seen of one blob. */
    private final class Blob {
        private final List<PartitionId> holders = new ArrayList<>();
        private final List<String> damages = new ArrayList<>();
        private int wanted = EngineKeys.PIECES_UNKNOWN;
        private int pieces;
        private boolean ended;

        void addHolder(Engine.Stored holder) throws IOException {
            Optional<PartitionId> partition = EngineKeys.partitionOfHolder(holder.key());
            if (partition.isEmpty()) {
                damages.add("has a holder of no known kind");
                return;
            }
            holders.add(partition.get());
            wanted = ByteBuffer.wrap(ValueHeader.unwrap(holder.key(), holder.value())).getInt();
            if (!holdsIt(partition.get(), EngineKeys.blobOfHolder(holder.key()))) {
                damages.add("is noted as held by " + partition.get() + ", which does not know it");
            }
        }

        void addPiece(Engine.Stored piece) {
            try {
                ValueHeader.check(piece.key(), piece.value());
                if (EngineKeys.numberOfPiece(piece.key()) != pieces || ended) {
                    damages.add("lacks its piece " + pieces);
                }
                ended = ValueHeader.isLastPiece(piece.value());
            } catch (IOException e) {
                damages.add(String.valueOf(e.getMessage()));
            }
            pieces++;
        }

        /** As many as its holders know of. */
        void readPieces(BlobId blob) {
            for (int number = 0; number < wanted && !ended; number++) {
                byte[] key = EngineKeys.piece(blob, number);
                try {
                    Optional<byte[]> value = engine.get(Space.PIECES, key);
                    if (value.isEmpty()) return; // Reported by the count.
                    addPiece(new Engine.Stored(key, value.get()));
                } catch (IOException e) {
                    damages.add(
                            "has a piece " + number + " that cannot be read: " + e.getMessage());
                    return;
                }
            }
        }

        boolean isSound(BlobId blob) {
            if (holders.isEmpty()) return isAccountedFor(blob);
            return damages.isEmpty() && pieces == wanted && ended;
        }

        private boolean isAccountedFor(BlobId blob) {
            return loose.size() >= MAX_LOOSE
                    || loose.contains(blob)
                    || store.stagedBlobs().staged(blob).isPresent();
        }

        void report(BlobId blob) {
            if (isSound(blob)) return;
            if (holders.isEmpty()) {
                findings.accept(Finding.waste("blob " + blob + " has no holder"));
                return;
            }
            String name = "blob " + blob + " of " + holders + " ";
            for (String damage : damages) damage(name + damage);
            if (damages.isEmpty()) damage(name + "has " + pieces + " of " + wanted + " pieces");
        }
    }

    private boolean holdsIt(PartitionId partition, BlobId blob) throws IOException {
        byte[] prefix = EngineKeys.partition(partition);
        return engine.get(Space.DATA, EngineKeys.data(prefix, EngineKeys.hold(blob))).isPresent();
    }

    private void walkPartitions(PartitionId.Kind kind, List<Verifier> verifiers)
            throws IOException {
        long after = 0;
        checkPartition(new PartitionId(kind, 0), verifiers);
        List<PartitionId> page;
        do {
            page = store.partitions(kind, after, PAGE_ENTRIES);
            for (PartitionId id : page) {
                checkPartition(id, verifiers);
                after = id.number();
            }
        } while (!page.isEmpty());
    }

    private void checkPartition(PartitionId id, List<Verifier> verifiers) throws IOException {
        Set<BlobId> holds = new HashSet<>();
        byte[] prefix = EngineKeys.partition(id);
        Walk walk = new Walk(Space.DATA, EngineKeys.holds(prefix));
        for (Optional<Engine.Stored> at = walk.next(); at.isPresent(); at = walk.next()) {
            BlobId blob = EngineKeys.blobOfStoredHold(at.get().key());
            holds.add(blob);
            boolean noted = engine.get(Space.DATA, EngineKeys.holder(blob, prefix)).isPresent();
            if (!noted && holdsIt(id, blob)) {
                damage(id + " holds blob " + blob + ", but the blob does not know it");
            }
        }
        if (!verifiers.isEmpty()) checkReferences(store.partition(id), holds, verifiers);
    }

    private void checkReferences(Partition partition, Set<BlobId> holds, List<Verifier> verifiers)
            throws IOException {
        Set<BlobId> referredTo = new HashSet<>();
        Verifier.Report report =
                new Verifier.Report() {
                    @Override
                    public void refersTo(BlobId blob) {
                        referredTo.add(blob);
                    }

                    @Override
                    public void finding(Finding finding) {
                        findings.accept(
                                new Finding(
                                        finding.severity(),
                                        partition.id() + ": " + finding.text()));
                    }
                };
        long version = partition.version();
        for (Verifier verifier : verifiers) verifier.verify(partition, report);
        for (BlobId blob : referredTo) {
            if (!holds.contains(blob) && !holdsIt(partition.id(), blob)) {
                damage(partition.id() + " refers to blob " + blob + " without holding it");
            }
        }
        // A partition at work may have taken hold of more meanwhile, or let go of something.
        if (partition.version() != version) return;
        for (BlobId blob : holds) {
            if (!referredTo.contains(blob)) {
                findings.accept(
                        Finding.waste(partition.id() + " holds blob " + blob + " for nothing"));
            }
        }
    }

    /** One entry after the other, in pages. */
    private final class Walk {
        private final Space space;
        private Engine.Bounds rest;
        private List<Engine.Stored> page = List.of();
        private int position;
        private boolean more = true;

        Walk(Space space, Engine.Bounds bounds) {
            this.space = space;
            this.rest = bounds;
        }

        Optional<Engine.Stored> next() throws IOException {
            if (position == page.size() && more) {
                Engine.Found found =
                        engine.scan(
                                new Engine.Scan(
                                        space,
                                        rest,
                                        Reads.Direction.FORWARD,
                                        PAGE_ENTRIES,
                                        Reads.MAX_SCAN_BYTES,
                                        Optional.empty()));
                page = found.entries();
                more = found.more();
                position = 0;
                if (!page.isEmpty()) {
                    rest = new Engine.Bounds(EngineKeys.next(page.getLast().key()), rest.to());
                }
            }
            return position < page.size() ? Optional.of(page.get(position++)) : Optional.empty();
        }
    }
}
