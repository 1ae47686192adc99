package mansio.app.main;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A secret that is named on the command line by its file. */
final class SecretFile {
    /** Standard input. */
    private static final Path STDIN = Path.of("-");

    private static final int MAX_BYTES = 64 << 10;

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private SecretFile() {}

    /**
     * Its text, or all of standard input for {@code -}.
     *
     * @throws IOException when others than its owner may use it, or it is longer than 64 KiB
     */
    static String read(Path file, Terminal terminal) throws IOException {
        byte[] bytes;
        if (file.equals(STDIN)) {
            bytes = terminal.in().readNBytes(MAX_BYTES + 1);
        } else {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IOException(
                        "others than its owner may use %s; do: chmod 600 %s".formatted(file, file));
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        }
        if (bytes.length > MAX_BYTES) throw new IOException(file + " is longer than 64 KiB");
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
