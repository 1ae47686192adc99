package mansio.state.store;

import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;

/**
 * Loads RocksDB's native code. Left to itself it unpacks 17 MB into the temporary folder at each
 * start, and leaves them there when the process is killed; so they are unpacked once, into a folder
 * named after their checksum.
 */
final class NativeLibrary {
    private NativeLibrary() {}

    static void load(Path folder) throws IOException {
        // The version is known as soon as the code is loaded.
        if (RocksDB.rocksdbVersion() != null) return;
        String name = Environment.getJniLibraryFileName("rocksdb");
        URL packed = RocksDB.class.getClassLoader().getResource(name);
        if (packed == null || !(packed.openConnection() instanceof JarURLConnection jar)) {
            RocksDB.loadLibrary();
            return;
        }
        jar.setUseCaches(false);
        try (InputStream in = jar.getInputStream()) {
            JarEntry entry = jar.getJarEntry();
            Path unpacked = folder.resolve(HexFormat.of().toHexDigits((int) entry.getCrc()));
            Path file = unpacked.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
            if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
                Files.createDirectories(unpacked);
                Path half = unpacked.resolve("half");
                Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
                Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            }
            RocksDB.loadLibrary(List.of(unpacked.toAbsolutePath().toString()));
        }
    }
}
