package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Random;

/** The contract on the disk in memory, and what only that disk can show. */
class MemoryStoreTest extends StoreContract {
    private final MemoryDisk disk = new MemoryDisk();

    @Override
    Store open() {
        return new Stores(around()).memory(disk);
    }

    @Test
    void afterAFailedWriteNobodyGetsAnAnswer() throws IOException {
        Partition alice = store.partition(ALICE);
        put(alice, TABLE, "before");
        disk.failWrites();
        assertThatThrownBy(() -> put(alice, TABLE, "after")).isInstanceOf(StoreStoppedError.class);
        assertThatThrownBy(() -> put(alice, TABLE, "later")).isInstanceOf(StoreStoppedError.class);
        assertThat(halts).hasSize(1);
        disk.crash(new Random(2));
        store = open();
        assertThat(get(store.partition(ALICE), TABLE)).isEqualTo("before");
    }

    @Test
    void aCrashKeepsWhatWasSynced() throws IOException {
        put(store.partition(ALICE), TABLE, "kept");
        disk.crash(new Random(1));
        assertThatThrownBy(() -> put(store.partition(ALICE), TABLE, "x"))
                .isInstanceOf(StoreStoppedError.class);
        store = open();
        assertThat(get(store.partition(ALICE), TABLE)).isEqualTo("kept");
        assertThat(halts).isEmpty();
    }
}
