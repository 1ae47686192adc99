package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The contract on the disk, and what only a folder can show. */
class DiskStoreTest extends StoreContract {
    @TempDir Path folder;

    @Override
    Store open() throws IOException {
        return new Stores(around())
                .disk(new DiskSettings(folder.resolve("data"), 0, DiskSettings.Loss.REFUSE));
    }

    @Test
    void onlyTheOwnerMayLook() throws IOException {
        Path data = folder.resolve("data");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderInUseIsRefused() throws IOException {
        assertThatThrownBy(this::open)
                .hasMessage(
                        ("the data folder " + folder.resolve("data"))
                                + (" is in use by another mansio (pid "
                                        + ProcessHandle.current().pid()
                                        + ")"));
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        store.close();
        Path format = folder.resolve("data/format");
        String now = Files.readString(format);
        Files.writeString(format, "written-by 9\nreadable-from 8\n");
        assertThatThrownBy(this::open)
                .hasMessageContaining("was written by a newer mansio: its format is 9");
        Files.writeString(format, "written-by 9\nreadable-from 1\n");
        store = open();
        store.close();
        assertThat(Files.readString(format)).isEqualTo(now);
        Files.writeString(format, "?");
        assertThatThrownBy(this::open).hasMessageContaining("damaged");
        Files.writeString(format, now);
        store = open();
    }

    @Test
    void lowSpaceStopsNewThingsOnly() throws IOException {
        put(store.partition(ALICE), TABLE, "x");
        store.close();
        store =
                new Stores(around())
                        .disk(
                                new DiskSettings(
                                        folder.resolve("data"),
                                        Long.MAX_VALUE,
                                        DiskSettings.Loss.REFUSE));
        Partition alice = store.partition(ALICE);
        assertThatThrownBy(() -> put(alice, TABLE, "y")).isInstanceOf(LowSpaceException.class);
        assertThatThrownBy(() -> store.blobs().create()).isInstanceOf(LowSpaceException.class);
        assertThat(get(alice, TABLE)).isEqualTo("x");
        alice.writeFreeing(
                turn -> {
                    turn.delete(TABLE);
                    return 0;
                });
        assertThat(get(alice, TABLE)).isEqualTo("-");
    }
}
