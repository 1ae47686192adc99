package mansio.state.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.time.VirtualThreads;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Random;

/** What is sealed, what opens again, and what is said of keys that are not as they should be. */
class SealTest {
    private static final byte[] SECRET = "open sesame".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    private final Store store =
            new Stores(
                            new Surroundings(
                                    new FakeTime(),
                                    new VirtualThreads(),
                                    new Random(7),
                                    (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Partition directory = store.partition(PartitionId.DIRECTORY);

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return folder.resolve("data.key");
    }

    private Seal seal() {
        return seal(KeyPlace.Guard.PERMISSIONS);
    }

    private Seal seal(KeyPlace.Guard guard) {
        return new Seal(directory, new KeyPlace(file(), guard), new Random(3));
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void theUsualPlaceIsBesideTheFolder() {
        assertThat(KeyPlace.beside(Path.of("/var/lib/mansio/")).file())
                .hasToString("/var/lib/mansio.key");
    }

    @Test
    void opensForTheSamePurpose() throws IOException {
        byte[] sealed = seal().seal("route/example.org", SECRET);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("sesame");
        assertThat(seal().open("route/example.org", sealed)).isEqualTo(SECRET);
        assertThat(Files.getPosixFilePermissions(file()))
                .isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertThat(Files.readString(file())).hasSize(45);
    }

    @Test
    void opensForNoOtherPurposeAndNotWhenChanged() throws IOException {
        byte[] sealed = seal().seal("route/example.org", SECRET);
        assertThatThrownBy(() -> seal().open("route/example.net", sealed))
                .isInstanceOf(IOException.class)
                .hasMessage("the secret for route/example.net is damaged; give it anew");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal().open("route/example.org", changed))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> seal().open("route/example.org", new byte[12]))
                .isInstanceOf(IOException.class);
    }

    @Test
    void equalSecretsLookDifferent() throws IOException {
        Seal seal = seal();
        assertThat(seal.seal("a", SECRET)).isNotEqualTo(seal.seal("a", SECRET));
    }

    @Test
    void aLostKeyIsNotReplaced() throws IOException {
        seal().check();
        assertThat(file()).doesNotExist();
        seal().prepare();
        Files.delete(file());
        for (Seal seal : new Seal[] {seal(), seal()}) {
            assertThatThrownBy(seal::check)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is missing, and secrets are stored that need it");
        }
        assertThatThrownBy(() -> seal().seal("a", SECRET)).isInstanceOf(IOException.class);
        assertThat(file()).doesNotExist();
    }

    @Test
    void anotherKeyIsNoticed() throws IOException {
        byte[] sealed = seal().seal("a", SECRET);
        permit(file(), "rw-------");
        Files.writeString(file(), Base64.getEncoder().encodeToString(new byte[32]));
        assertThatThrownBy(() -> seal().check())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has another key");
        assertThatThrownBy(() -> seal().open("a", sealed)).isInstanceOf(IOException.class);
    }

    @Test
    void wrongPermissionsAndDamage() throws IOException {
        seal().prepare();
        permit(file(), "rw-r-----");
        assertThatThrownBy(() -> seal().check())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the key file %s may be read or written by others (rw-r-----); make it its"
                                + " owner's: chmod 400 %1$s",
                        file());
        permit(file(), "rw-------");
        Files.writeString(file(), "c2hvcnQ=");
        assertThatThrownBy(() -> seal().check())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the key file %s does not have 32 bytes in base64, as it should", file());
    }

    @Test
    void aCredentialOfSystemdIsTakenAsItIsAndNeverMade() throws IOException {
        assertThatThrownBy(() -> seal(KeyPlace.Guard.SYSTEMD).prepare())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("only the server can read");
        Files.writeString(file(), Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        permit(file(), "r--r-----");
        byte[] sealed = seal(KeyPlace.Guard.SYSTEMD).seal("a", SECRET);
        assertThat(seal(KeyPlace.Guard.SYSTEMD).open("a", sealed)).isEqualTo(SECRET);
        assertThat(Seal.lastPlace(directory))
                .contains(new KeyPlace(file(), KeyPlace.Guard.SYSTEMD));
    }

    @Test
    void saysNothingOfTheKey() throws IOException {
        byte[] key = new byte[MasterKey.LENGTH];
        assertThat(new MasterKey(key).toString()).matches("key [0-9a-f]{16}");
    }
}
