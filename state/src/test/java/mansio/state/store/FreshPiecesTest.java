package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class FreshPiecesTest {
    private static BlobId id(int number) {
        return new BlobId(1, number);
    }

    @Test
    void theOldestKeepTheirPlaceUntilTheyAreStale() {
        Simulation.run(
                1,
                simulation -> {
                    FreshPieces pieces = new FreshPieces(simulation.time(), 1 << 20);
                    int many = (1 << 20) / Blobs.PIECE_BYTES + 1;
                    for (int i = 0; i < many; i++) pieces.put(id(i), new byte[Blobs.PIECE_BYTES]);
                    assertThat(pieces.get(id(0))).isPresent();
                    assertThat(pieces.get(id(many - 1))).isEmpty();
                    assertThat(pieces.bytes()).isLessThanOrEqualTo(1 << 20);
                    simulation.time().sleep(FreshPieces.STALE);
                    pieces.put(id(many), new byte[Blobs.PIECE_BYTES]);
                    assertThat(pieces.get(id(0))).isEmpty();
                    assertThat(pieces.get(id(1))).isEmpty();
                    assertThat(pieces.get(id(many))).isPresent();
                    for (int i = 0; i <= many; i++) pieces.remove(id(i));
                    assertThat(pieces.bytes()).isZero();
                });
    }

    /** A short blob is read from memory until its holder lets go, and then as the disk has it. */
    @Test
    void aPieceIsKeptUntilSomebodyLetsGo() {
        Simulation.run(
                1,
                simulation -> {
                    Simulation.Node node = simulation.node("program");
                    Surroundings around =
                            new Surroundings(
                                    simulation.time(), node, simulation.random(), (_, _) -> {});
                    Store store = new Stores(around).memory(new MemoryDisk());
                    StagedBlobs blobs = (StagedBlobs) store.blobs();
                    byte[] text = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
                    BlobId blob;
                    try (BlobWriter writer = blobs.create()) {
                        writer.write(text, 0, text.length);
                        writer.finish();
                        blob = writer.id();
                        hold(store, 0, blob);
                        hold(store, 1, blob);
                    }
                    assertThat(blobs.freshBytes()).isPositive();
                    assertThat(read(blobs, blob)).isEqualTo(text);
                    var _ =
                            store.partition(PartitionId.queueShard(0))
                                    .writeFreeing(
                                            turn -> {
                                                turn.release(blob);
                                                return true;
                                            });
                    assertThat(blobs.freshBytes()).isZero();
                    assertThat(read(blobs, blob)).isEqualTo(text);
                });
    }

    private static void hold(Store store, int shard, BlobId blob) throws java.io.IOException {
        var _ =
                store.partition(PartitionId.queueShard(shard))
                        .write(
                                turn -> {
                                    turn.hold(blob);
                                    return true;
                                });
    }

    private static byte[] read(Blobs blobs, BlobId blob) throws java.io.IOException {
        byte[] bytes = new byte[100];
        int count = blobs.read(blob, 0, bytes, 0, bytes.length);
        assertThat(blobs.read(blob, count, bytes, count, bytes.length - count)).isEqualTo(-1);
        return java.util.Arrays.copyOf(bytes, count);
    }
}
