package mansio.net.dns;

import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The resolvers that {@code resolv.conf} names, read again when the file changes. Of its keywords
 * {@code nameserver} counts, and of its options {@code timeout}, {@code attempts} and {@code
 * trust-ad}; never {@code search}: names of mail are complete. Safe for use by any thread.
 */
public final class ResolvConf implements Supplier<Upstreams> {
    /** Where systems keep it. */
    public static final Path USUAL = Path.of("/etc/resolv.conf");

    /** How long one server is waited for when nothing is said, as other programs do. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How often servers are asked when nothing is said. */
    public static final int ROUNDS = 2;

    /** How often the file is looked at. */
    static final Duration LOOK = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_SERVERS = 8;
    private static final int MAX_PATIENCE_SECONDS = 30;
    private static final int MAX_ROUNDS = 5;

    private static final Logger log = LoggerFactory.getLogger(ResolvConf.class);

    private final Path file;
    private final UnaryOperator<Upstreams> settings;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all that follows. */
    private Upstreams current;

    private Optional<Stamp> seen;
    private long nextLookNanos;

    private record Stamp(FileTime changed, long size) {}

    /**
     * Reads the file.
     *
     * @param settings changes what the file says to what was configured
     */
    public ResolvConf(Path file, UnaryOperator<Upstreams> settings, Time time) {
        this.file = file;
        this.settings = settings;
        this.time = time;
        seen = stamp();
        current = settings.apply(read().orElseGet(() -> parse("")));
        nextLookNanos = time.deadline(LOOK);
    }

    @Override
    public Upstreams get() {
        lock.lock();
        try {
            if (time.nanos() - nextLookNanos >= 0) {
                nextLookNanos = time.deadline(LOOK);
                look();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** A file that is away or cannot be read changes nothing: it may be in the midst of writing. */
    private void look() {
        Optional<Stamp> now = stamp();
        if (now.isPresent() && !now.equals(seen)) {
            read().ifPresent(
                            upstreams -> {
                                seen = now;
                                current = settings.apply(upstreams);
                                log.atInfo()
                                        .addKeyValue("servers", current.servers())
                                        .log("resolvers changed");
                            });
        }
    }

    private Optional<Stamp> stamp() {
        try {
            return Optional.of(new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Upstreams> read() {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(
                    parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.toString())
                    .log("the list of resolvers cannot be read");
            return Optional.empty();
        }
    }

    /**
     * Reads the text of such a file. Lines that make no sense are passed over, as other programs do
     * it; without a server it is the one on this host.
     */
    public static Upstreams parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        int patienceSeconds = (int) PATIENCE.toSeconds();
        int rounds = ROUNDS;
        boolean trustAd = false;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("[ \t]+");
            if (words[0].equals("nameserver") && words.length > 1) {
                server(words[1]).filter(_ -> servers.size() < MAX_SERVERS).ifPresent(servers::add);
            } else if (words[0].equals("options")) {
                for (String word : words) {
                    patienceSeconds = option(word, "timeout:", patienceSeconds);
                    rounds = option(word, "attempts:", rounds);
                    trustAd |= word.equals("trust-ad");
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Upstreams.PORT));
        }
        return new Upstreams(
                servers,
                Duration.ofSeconds(Math.min(patienceSeconds, MAX_PATIENCE_SECONDS)),
                Math.min(rounds, MAX_ROUNDS),
                trustAd);
    }

    private static Optional<InetSocketAddress> server(String address) {
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.ofLiteral(address), Upstreams.PORT));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int option(String word, String name, int otherwise) {
        if (!word.startsWith(name)) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(word.substring(name.length()));
            return value > 0 ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
