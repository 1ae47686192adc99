package mansio.app.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who works on a data folder: its owner, for files of somebody else would stop the server. */
final class Ownership {
    private Ownership() {}

    /** Refuses when the folder is another user's. */
    static void check(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        String owner = Files.getOwner(folder).getName();
        String me = System.getProperty("user.name", "");
        if (!owner.equals(me)) {
            throw new IOException(
                    "the data folder %s belongs to %s; run this as %s, such as: sudo -u %s mansio"
                                    .formatted(folder, owner, owner, owner)
                            + " ...");
        }
    }

    /** True when this process may do anything, which a server does not need. */
    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name", ""));
    }
}
