package mansio.app.main;

import com.sun.security.auth.module.UnixSystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who works on a data folder: its owner, for files of somebody else would stop the server. Users
 * are compared by number: in a container they often have no name.
 */
final class Ownership {
    private static final long ROOT = 0;

    private Ownership() {}

    /** Refuses when the folder is another user's. */
    static void check(Path folder) throws IOException {
        check(folder, me());
    }

    /**
     * As above, for a process of any user.
     *
     * @param me its user's number
     */
    static void check(Path folder, long me) throws IOException {
        if (!Files.exists(folder) || number(folder) == me) return;
        String owner = Files.getOwner(folder).getName(); // Its number when it has no name.
        String user = owner.equals(Long.toString(number(folder))) ? "#" + owner : owner;
        throw new IOException(
                "the data folder %s belongs to the user %s; run this as that user: sudo -u %s mansio"
                                .formatted(
                                        folder,
                                        owner,
                                        user.startsWith("#") ? "'" + user + "'" : user)
                        + " ...");
    }

    /** True when this process may do anything, which a server does not need. */
    static boolean isRoot() {
        return me() == ROOT;
    }

    private static long number(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    }

    private static long me() {
        return new UnixSystem().getUid();
    }
}
