package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.time.SystemTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Each kind of damage, made on purpose, is named in words. */
class VerificationTest {
    private static final PartitionId ALICE = PartitionId.account(1);
    private static final byte[] PREFIX = EngineKeys.partition(ALICE);
    private static final Key KEY = Key.table(5).u64(1);

    private final MemoryDisk disk = new MemoryDisk();
    private Store store = open();
    private final BlobId blob = fill();

    private Store open() {
        return new Stores(
                        new Surroundings(
                                new SystemTime(),
                                (name, task) -> Thread.ofVirtual().name(name).start(task),
                                new Random(1),
                                (_, _) -> {}))
                .memory(disk);
    }

    private BlobId fill() {
        try (BlobWriter writer = store.blobs().create()) {
            writer.write(new byte[200_000], 0, 200_000);
            writer.finish();
            store.partition(ALICE)
                    .write(
                            turn -> {
                                turn.put(KEY, "value".getBytes(StandardCharsets.UTF_8));
                                turn.hold(writer.id());
                                return 0;
                            });
            return writer.id();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> findings() throws IOException {
        List<String> texts = new ArrayList<>();
        store.verify(List.of(), finding -> texts.add(finding.severity() + ": " + finding.text()));
        return texts;
    }

    /** Writes past the store, as a bug or a broken disk would. */
    private void damage(Op op) throws IOException {
        store.close();
        disk.open().write(List.of(op), true);
        store = open();
    }

    @Test
    void aSoundStoreHasNoFinding() throws IOException {
        assertThat(findings()).isEmpty();
    }

    @Test
    void aFlippedBitIsAnErrorAndNotAnAbsentValue() throws IOException {
        disk.flipBit(Space.DATA, EngineKeys.data(PREFIX, KEY));
        assertThatThrownBy(() -> store.partition(ALICE).get(KEY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ALICE.toString())
                .hasMessageContaining("checksum mismatch");
        assertThat(findings()).singleElement().asString().contains("checksum mismatch");
    }

    @Test
    void aFlippedBitInAPieceIsAnError() throws IOException {
        disk.flipBit(Space.PIECES, EngineKeys.piece(blob, 1));
        byte[] to = new byte[1];
        assertThatThrownBy(() -> store.blobs().read(blob, 70_000, to, 0, 1))
                .hasMessageContaining("checksum mismatch");
        assertThat(findings())
                .singleElement()
                .asString()
                .startsWith("DAMAGE: blob " + blob + " of [" + ALICE + "]")
                .contains("checksum mismatch");
    }

    @Test
    void aMissingPieceIsAnError() throws IOException {
        damage(new Op.Delete(Space.PIECES, EngineKeys.piece(blob, 1)));
        byte[] to = new byte[1];
        assertThatThrownBy(() -> store.blobs().read(blob, 70_000, to, 0, 1))
                .isInstanceOf(BlobMissingException.class);
        assertThat(findings()).first().asString().contains("lacks its piece 1");
    }

    @Test
    void aMissingLastPieceIsFound() throws IOException {
        damage(new Op.Delete(Space.PIECES, EngineKeys.piece(blob, 3)));
        assertThat(findings())
                .containsExactly("DAMAGE: blob " + blob + " of [" + ALICE + "] has 3 of 4 pieces");
    }

    @Test
    void aMissingHolderIsFound() throws IOException {
        damage(new Op.Delete(Space.DATA, EngineKeys.holder(blob, PREFIX)));
        assertThat(findings())
                .contains(
                        "DAMAGE: "
                                + (ALICE + " holds blob " + blob)
                                + ", but the blob does not know it");
    }

    @Test
    void aMissingHoldIsFound() throws IOException {
        damage(new Op.Delete(Space.DATA, EngineKeys.data(PREFIX, EngineKeys.hold(blob))));
        assertThat(findings())
                .singleElement()
                .asString()
                .contains("is noted as held by " + ALICE + ", which does not know it");
    }

    @Test
    void aBlobNobodyWillFreeIsWaste() throws IOException {
        BlobId stray = new BlobId(5, 5);
        byte[] key = EngineKeys.piece(stray, 0);
        byte[] value = new byte[ValueHeader.BYTES];
        ValueHeader.seal(key, value, value.length, ValueHeader.LAST_PIECE);
        damage(new Op.Put(Space.PIECES, key, value));
        assertThat(findings()).containsExactly("WASTE: blob " + stray + " has no holder");
    }
}
