package mansio.state.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The folder that everything is kept in: only its owner may look into it, only one process at a
 * time works in it, and a file says which releases can read it.
 */
final class DataFolder implements Closeable {
    /** What this release writes and can read. */
    static final int FORMAT = 1;

    /** The oldest release that can read what this one writes. */
    static final int READABLE_FROM = 1;

    private static final String LOCK = "lock";
    private static final String FORMAT_FILE = "format";
    private static final String ENGINE = "engine";

    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder when it is not there, takes its lock, and checks its format.
     *
     * @throws FolderInUseException when another process has the lock
     * @throws IOException with a sentence for the administrator
     */
    static DataFolder open(Path folder) throws IOException {
        FileChannel lockFile;
        try {
            makeOwnerOnly(folder);
            lockFile = lock(folder);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    ("this user may not write to " + e.getFile())
                            + (" of the data folder " + folder + ": run as its owner"),
                    e);
        }
        try {
            DataFolder opened = new DataFolder(folder, lockFile);
            opened.checkFormat();
            makeOwnerOnly(opened.engine());
            return opened;
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    Path engine() {
        return folder.resolve(ENGINE);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private static void makeOwnerOnly(Path folder) throws IOException {
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(folder);
        if (!ownerOnly.containsAll(now)) Files.setPosixFilePermissions(folder, ownerOnly);
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(
                        folder.resolve(LOCK),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            String holder = readText(file);
            file.close();
            throw new FolderInUseException(
                    "the data folder "
                            + folder
                            + " is in use by another mansio"
                            + (holder.isEmpty() ? "" : " (pid " + holder + ")"));
        }
        file.truncate(0);
        file.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)),
                0);
        return file;
    }

    private static String readText(FileChannel file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        file.read(text, 0);
        return new String(text.array(), 0, text.position(), US_ASCII).trim();
    }

    private void checkFormat() throws IOException {
        Path file = file(FORMAT_FILE);
        if (!Files.exists(file)) {
            if (Files.exists(engine().resolve("CURRENT"))) {
                throw new IOException(file + " is missing: the data folder is damaged");
            }
            writeFormat(file);
            return;
        }
        List<String> lines = Files.readAllLines(file, US_ASCII);
        int writtenBy = number(file, lines, "written-by ");
        int readableFrom = number(file, lines, "readable-from ");
        if (readableFrom > FORMAT) {
            throw new IOException(
                    ("the data folder " + folder + " was written by a newer mansio: its format is ")
                            + (writtenBy + ", and this release reads formats up to " + FORMAT));
        }
        if (writtenBy != FORMAT) writeFormat(file);
    }

    private static int number(Path file, List<String> lines, String name) throws IOException {
        for (String line : lines) {
            if (!line.startsWith(name)) continue;
            try {
                return Integer.parseInt(line.substring(name.length()).trim());
            } catch (NumberFormatException e) {
                throw new IOException(file + " is damaged: " + line, e);
            }
        }
        throw new IOException(file + " is damaged: no line '" + name.trim() + "'");
    }

    private void writeFormat(Path file) throws IOException {
        String text = "written-by " + FORMAT + "\nreadable-from " + READABLE_FROM + "\n";
        Path next = file(FORMAT_FILE + ".new");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync();
    }

    /** Makes new names in the folder durable. */
    void sync() throws IOException {
        try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
            itself.force(true);
        }
    }

    /** Gives up the lock. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
