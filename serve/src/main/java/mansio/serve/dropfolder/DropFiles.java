package mansio.serve.dropfolder;

import mansio.serve.dropfolder.Dropped.User;
import mansio.state.queue.QueueId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The folder itself. Every user of the machine may put files into it; nobody but the server may
 * list it, and nobody may touch the files of others:
 *
 * <pre>
 * drop/                 mode 3733: sticky, and files get the server's group
 * drop/tmp.*            being written
 * drop/new.*            whole, synced by who wrote it
 * drop/.taken/ID        mode 0700: ours; renamed from new.*, named after the queue id it will have
 * drop/.size-limit      what sendmail compares with
 * </pre>
 *
 * <p>A file is looked at only when it is in {@code .taken}, where its name cannot be given to
 * another file behind our back. Owned by one thread.
 */
final class DropFiles {
    private static final Logger log = LoggerFactory.getLogger(DropFiles.class);
    private static final int FOLDER_MODE = 03733;
    private static final int ALL_MODE_BITS = 07777;
    private static final String NEW = "new.";
    private static final String UNFINISHED = "tmp.";
    private static final String TAKEN = ".taken";
    private static final String LIMIT = ".size-limit";
    private static final String BAD = ".bad";

    private final Path folder;
    private final Path taken;

    private DropFiles(Path folder) {
        this.folder = folder;
        this.taken = folder.resolve(TAKEN);
    }

    /**
     * Makes the folder when it is not there, and sees to it that it is safe.
     *
     * @throws IOException with a sentence for the administrator
     */
    static DropFiles open(Path folder, long maxMessageBytes) throws IOException {
        DropFiles files = new DropFiles(folder);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) Files.createDirectories(folder);
        files.makeSafe();
        files.writeLimit(maxMessageBytes);
        return files;
    }

    private void makeSafe() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
            throw new IOException("the drop folder " + folder + " is no folder");
        if (!Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    taken,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        // Whoever owns the folder may do anything in it: that must be us, and .taken must be ours.
        Path probe = Files.createTempFile(taken, ".owner", "");
        int ours = uid(probe);
        Files.delete(probe);
        if (uid(folder) != ours)
            throw new IOException(
                    "the drop folder " + folder + " belongs to " + owner(folder) + ", not to us");
        if (uid(taken) != ours || !Files.isDirectory(taken, LinkOption.NOFOLLOW_LINKS))
            throw new IOException(taken + " is not ours; remove it");
        setMode(taken, 0700);
        setMode(folder, FOLDER_MODE);
    }

    private static void setMode(Path path, int mode) throws IOException {
        int now = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((now & ALL_MODE_BITS & ~(mode == FOLDER_MODE ? 0 : 02000)) == mode) return;
        try {
            Files.setAttribute(path, "unix:mode", mode);
        } catch (IOException e) {
            throw new IOException(
                    "%s must have the mode %o, and it cannot be set here: chmod %o %s"
                            .formatted(path, mode, mode, path),
                    e);
        }
    }

    private void writeLimit(long maxMessageBytes) throws IOException {
        Path written = folder.resolve(TAKEN).resolve(LIMIT);
        Files.writeString(written, maxMessageBytes + "\n");
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(
                written,
                folder.resolve(LIMIT),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file that waits to be taken. */
    record Waiting(Path file, User user, Instant written) {}

    /**
     * What is whole, the oldest first. What is no plain file with one name is removed; what
     * somebody began to write before {@code abandonedBefore} and never finished, too.
     */
    List<Waiting> waiting(Instant abandonedBefore) throws IOException {
        List<Waiting> found = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            for (Path path : names) {
                String name = path.getFileName().toString();
                if (name.startsWith(NEW)) lookAt(path).ifPresent(found::add);
                else if (name.startsWith(UNFINISHED)) removeAbandoned(path, abandonedBefore);
            }
        }
        found.sort((a, b) -> a.written().compareTo(b.written()));
        return found;
    }

    private Optional<Waiting> lookAt(Path path) throws IOException {
        try {
            Facts facts = facts(path);
            if (facts.isPlain())
                return Optional.of(
                        new Waiting(path, new User(owner(path), facts.uid()), facts.written()));
            log.atWarn()
                    .addKeyValue("user", owner(path))
                    .log("what is no plain file is removed from the drop folder");
            remove(path);
        } catch (NoSuchFileException e) {
            // Its writer took it back.
        }
        return Optional.empty();
    }

    private static void removeAbandoned(Path path, Instant before) throws IOException {
        try {
            if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(before)) remove(path);
        } catch (NoSuchFileException e) {
            // It is whole now.
        }
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.atDebug().log("cannot be removed from the drop folder: {}", e.getMessage());
        }
    }

    boolean has(QueueId id) {
        return Files.exists(taken.resolve(id.toString()), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Takes a file under a queue id; empty when its writer was quicker, or it is not what it was.
     */
    Optional<Dropped> take(Waiting waiting, QueueId id) throws IOException {
        Path ours = taken.resolve(id.toString());
        try {
            Files.move(waiting.file(), ours, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return of(ours, id);
    }

    /** A file in {@code .taken} as it really is; what is no plain file is removed. */
    private static Optional<Dropped> of(Path ours, QueueId id) throws IOException {
        Facts facts = facts(ours);
        if (!facts.isPlain()) {
            log.atWarn().addKeyValue("user", owner(ours)).log("what is no plain file is removed");
            remove(ours);
            return Optional.empty();
        }
        return Optional.of(new Dropped(ours, id, new User(owner(ours), facts.uid())));
    }

    /** What an earlier run took and did not finish. */
    List<Dropped> left() throws IOException {
        List<Dropped> left = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(taken)) {
            for (Path path : names) {
                Optional<QueueId> id = QueueId.parse(path.getFileName().toString());
                if (id.isPresent()) of(path, id.get()).ifPresent(left::add);
            }
        }
        return left;
    }

    /** The same file under another id. */
    Dropped renamed(Dropped dropped, QueueId id) throws IOException {
        Path path = taken.resolve(id.toString());
        Files.move(dropped.file(), path, StandardCopyOption.ATOMIC_MOVE);
        return new Dropped(path, id, dropped.user());
    }

    /** Kept aside, for a person to look at. */
    void setAside(Dropped dropped) throws IOException {
        Files.move(dropped.file(), taken.resolve(dropped.id() + BAD));
    }

    void delete(Dropped dropped) throws IOException {
        Files.deleteIfExists(dropped.file());
    }

    /**
     * What was renamed stays renamed: else a power failure after a message was accepted would bring
     * its file back under the old name, as another message.
     */
    void sync() throws IOException {
        for (Path path : List.of(taken, folder)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** What the system says of a name, links not followed. */
    private record Facts(boolean regular, int links, int uid, Instant written) {
        /** A second name could be of somebody else's file, or let the same message come again. */
        boolean isPlain() {
            return regular && links == 1;
        }
    }

    private static Facts facts(Path path) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(
                        path,
                        "unix:uid,nlink,isRegularFile,lastModifiedTime",
                        LinkOption.NOFOLLOW_LINKS);
        return new Facts(
                fact(all, "isRegularFile", Boolean.class),
                fact(all, "nlink", Integer.class),
                fact(all, "uid", Integer.class),
                fact(all, "lastModifiedTime", FileTime.class).toInstant());
    }

    private static <T> T fact(Map<String, Object> all, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(all.get(name)));
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static String owner(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }
}
