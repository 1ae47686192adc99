package mansio.net.tls;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The certificates of this server, by name, loaded from files and loaded again when those change.
 * The first one configured is the default for names that none is for, and for clients that name
 * none.
 *
 * <p>Safe for use by any thread. What a handshake sees is an immutable list that is swapped whole.
 */
public final class Certificates {
    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final List<Entry> entries = new ArrayList<>();

    private volatile List<Identity> current;

    /** One configured certificate as last loaded, and how its files looked then. */
    private static final class Entry {
        final Optional<CertificateFiles> files;
        Identity identity;
        String stamp;

        Entry(Optional<CertificateFiles> files, Identity identity, String stamp) {
            this.files = files;
            this.identity = identity;
            this.stamp = stamp;
        }
    }

    private Certificates(List<Entry> entries) {
        this.entries.addAll(entries);
        this.current = entries.stream().map(entry -> entry.identity).toList();
    }

    /**
     * Loads all files.
     *
     * @param files at least one pair
     * @throws BadCertificate for the first one that cannot be used
     */
    public static Certificates load(List<CertificateFiles> files) throws BadCertificate {
        List<Entry> entries = new ArrayList<>();
        for (CertificateFiles pair : files) {
            String stamp = stamp(pair);
            entries.add(new Entry(Optional.of(pair), Identity.load(pair), stamp));
        }
        return new Certificates(entries);
    }

    /** Certificates that come from no file. */
    public static Certificates of(Identity... identities) {
        List<Entry> entries = new ArrayList<>();
        for (Identity identity : identities) {
            entries.add(new Entry(Optional.empty(), identity, ""));
        }
        return new Certificates(entries);
    }

    /**
     * Loads again those whose files have changed. When the new ones cannot be used, the old are
     * kept and a sentence is logged, once for each change.
     *
     * @return how many were replaced
     */
    public int reload() {
        lock.lock();
        try {
            int replaced = 0;
            for (Entry entry : entries) {
                if (entry.files.isPresent() && changed(entry, entry.files.get())) {
                    replaced++;
                }
            }
            if (replaced > 0) {
                current = entries.stream().map(entry -> entry.identity).toList();
            }
            return replaced;
        } finally {
            lock.unlock();
        }
    }

    private static boolean changed(Entry entry, CertificateFiles files) {
        String stamp = stamp(files);
        if (stamp.equals(entry.stamp)) {
            return false;
        }
        entry.stamp = stamp;
        try {
            entry.identity = Identity.load(files);
            log.info(
                    "Certificate {} was loaded again, valid until {}",
                    files.chain(),
                    entry.identity.notAfter());
            return true;
        } catch (BadCertificate e) {
            log.error("The old certificate stays in use: {}", e.getMessage());
            return false;
        }
    }

    /** All of them, the default first. */
    public List<Identity> all() {
        return current;
    }

    /**
     * The one for a name that has a key of the type: exact, then wildcard, then the default's.
     *
     * @param serverName as sent by SNI
     * @param keyType as in {@link Identity#keyType()}
     */
    Optional<Identity> find(Optional<String> serverName, String keyType) {
        List<Identity> typed =
                current.stream().filter(identity -> identity.keyType().equals(keyType)).toList();
        if (typed.isEmpty() || serverName.isEmpty()) {
            return typed.stream().findFirst();
        }
        String name = serverName.get().toLowerCase(Locale.ROOT);
        return named(typed, name)
                .or(() -> named(typed, "*" + name.substring(Math.max(0, name.indexOf('.')))))
                .or(() -> typed.stream().findFirst());
    }

    private static Optional<Identity> named(List<Identity> identities, String name) {
        return identities.stream().filter(identity -> identity.names().contains(name)).findFirst();
    }

    private static String stamp(CertificateFiles files) {
        return stamp(files.chain()) + " " + stamp(files.key());
    }

    private static String stamp(Path file) {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            return modified.toMillis() + "/" + Files.size(file);
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
