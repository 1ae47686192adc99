package mansio.state.seal;

import java.nio.file.Path;

/**
 * Where the master key is kept.
 *
 * @param file 32 bytes in base64
 */
public record KeyPlace(Path file, Guard guard) {
    /** Who sees to it that nobody else reads the file. The code is stored. */
    public enum Guard {
        /** Its permissions, which are checked; the file is made when it is needed. */
        PERMISSIONS(1),
        /** systemd, which shows it to the server's unit only (systemd.exec, LoadCredential). */
        SYSTEMD(2);

        private final int code;

        Guard(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Guard of(int code) {
            return code == SYSTEMD.code ? SYSTEMD : PERMISSIONS;
        }
    }

    /**
     * The usual place: beside the data folder and named after it, so that a copy of it has none.
     */
    public static KeyPlace beside(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        return new KeyPlace(whole.resolveSibling(whole.getFileName() + ".key"), Guard.PERMISSIONS);
    }
}
