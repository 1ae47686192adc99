package mansio.state.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The file that has the master key. Bytes that pass through are wiped. */
final class KeyFile {
    private static final int MAX_BYTES = 1_024;
    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private final KeyPlace place;

    KeyFile(KeyPlace place) {
        this.place = place;
    }

    /**
     * Reads the key; empty when there is no file.
     *
     * @throws IOException with a sentence for the administrator
     */
    Optional<MasterKey> read() throws IOException {
        byte[] text = new byte[0];
        byte[] key = new byte[0];
        try {
            checkPermissions();
            try (InputStream in = Files.newInputStream(place.file())) {
                text = in.readNBytes(MAX_BYTES);
            }
            key = decoded(text);
            return Optional.of(new MasterKey(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new IOException("the key file " + place.file() + " may not be read by us", e);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    private void checkPermissions() throws IOException {
        if (place.guard() == KeyPlace.Guard.SYSTEMD) return;
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(place.file());
        if (!OWNERS.containsAll(permissions)) {
            throw new IOException(
                    "the key file %s may be read or written by others (%s); make it its owner's: chmod 400 %s"
                            .formatted(
                                    place.file(),
                                    PosixFilePermissions.toString(permissions),
                                    place.file()));
        }
    }

    private byte[] decoded(byte[] text) throws IOException {
        int end = text.length;
        while (end > 0 && text[end - 1] <= ' ' && text[end - 1] >= 0) end--;
        byte[] trimmed = Arrays.copyOf(text, end);
        try {
            byte[] key = Base64.getDecoder().decode(trimmed);
            if (key.length == MasterKey.LENGTH) return key;
            Arrays.fill(key, (byte) 0);
        } catch (IllegalArgumentException e) {
            // Said below, without what stands there.
        } finally {
            Arrays.fill(trimmed, (byte) 0);
        }
        throw new IOException(
                "the key file " + place.file() + " does not have 32 bytes in base64, as it should");
    }

    /**
     * Makes a key and keeps it, for its owner only. Never writes over a file.
     *
     * @throws IOException with a sentence for the administrator
     */
    MasterKey make(RandomGenerator random) throws IOException {
        byte[] key = new byte[MasterKey.LENGTH];
        random.nextBytes(key);
        byte[] text = Base64.getEncoder().encode(key);
        try {
            write(place.file(), text);
            return new MasterKey(key);
        } catch (IOException e) {
            throw new IOException(
                    "the key file %s cannot be made (%s); name a place that can be written to with secrets.key_file"
                            .formatted(place.file(), e),
                    e);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    private static void write(Path file, byte[] text) throws IOException {
        var owner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
        var how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, how, owner)) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(text);
                while (bytes.hasRemaining()) out.write(bytes);
                out.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
            } catch (IOException e) {
                Files.deleteIfExists(file); // Half a key would be in the way of the next one.
                throw e;
            }
        }
        // Secrets are sealed with it next: its name must last as long as they do.
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
            itself.force(true);
        }
    }
}
