package mansio.state.route;

import mansio.net.time.Time;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sites that refused us by their policy, and whose mail therefore goes by the fallback of its route
 * for a day. Kept in the directory partition and in memory. Safe for use by any thread.
 */
public final class Detours {
    /** How long before the direct way is tried again. */
    public static final Duration LENGTH = Duration.ofDays(1);

    /** More are not remembered: the direct way is tried each time. */
    static final int MAX_DETOURS = 10_000;

    private static final int FORMAT = 1;
    private static final int HASH_LENGTH = 16;
    private static final int MAX_TEXT = 500;

    private final Partition directory;
    private final Time time;
    private final Map<Key, Detour> known = new ConcurrentHashMap<>();

    /**
     * A site that is gone around.
     *
     * @param site its name
     * @param reason the words of the refusal
     */
    public record Detour(String site, Instant since, String reason) {
        /** When the direct way is tried again. */
        public Instant until() {
            return since.plus(LENGTH);
        }
    }

    private Detours(Partition directory, Time time) {
        this.directory = directory;
        this.time = time;
    }

    /**
     * Reads what is known.
     *
     * @param directory the directory partition
     */
    public static Detours open(Partition directory, Time time) throws IOException {
        Detours detours = new Detours(directory, time);
        Range rest = Range.prefix(RouteRows.DETOURS);
        boolean more = true;
        while (more) {
            Page page =
                    directory.scan(
                            rest,
                            Reads.Direction.FORWARD,
                            Reads.MAX_SCAN_ENTRIES,
                            Reads.MAX_SCAN_BYTES);
            for (Entry entry : page.entries())
                detours.known.put(entry.key(), decode(entry.value()));
            more = page.more();
            if (more) rest = new Range(page.entries().getLast().key().next(), rest.to());
        }
        return detours;
    }

    /** The detour around a site; empty when the direct way is to be tried. */
    public Optional<Detour> around(String site) {
        Instant now = time.now();
        // One from the future, after a clock was set back, would last too long.
        return Optional.ofNullable(known.get(key(site)))
                .filter(it -> now.isBefore(it.until()) && !it.since().isAfter(now.plus(LENGTH)));
    }

    /** All that hold now, the newest first. */
    public List<Detour> all() {
        Instant now = time.now();
        return known.values().stream()
                .filter(it -> now.isBefore(it.until()))
                .sorted((a, b) -> b.since().compareTo(a.since()))
                .toList();
    }

    /**
     * Goes around a site from now on; lasting when it returns.
     *
     * @throws IOException when it cannot be remembered: the site is not gone around
     */
    public Detour begin(String site, String reason) throws IOException {
        prune();
        Detour detour = new Detour(cut(site), time.now(), cut(reason));
        Key key = key(site);
        if (known.size() >= MAX_DETOURS && !known.containsKey(key))
            throw new IOException("more than " + MAX_DETOURS + " sites are gone around already");
        directory.write(
                turn -> {
                    turn.put(key, encode(detour));
                    return true;
                });
        known.put(key, detour);
        return detour;
    }

    /** Goes the direct way again. */
    public void end(String site) throws IOException {
        drop(List.of(key(site)));
    }

    /** Forgets those that are over. */
    private void prune() throws IOException {
        Instant now = time.now();
        drop(
                known.entrySet().stream()
                        .filter(it -> !now.isBefore(it.getValue().until()))
                        .limit(1_000)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private void drop(List<Key> keys) throws IOException {
        List<Key> there = keys.stream().filter(known::containsKey).toList();
        if (there.isEmpty()) return;
        directory.writeLazily(
                turn -> {
                    there.forEach(turn::delete);
                    return true;
                });
        there.forEach(known::remove);
    }

    private static Key key(String site) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(site.getBytes(StandardCharsets.UTF_8));
            return RouteRows.DETOURS.raw(Arrays.copyOf(hash, HASH_LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static byte[] encode(Detour detour) {
        return new ValueWriter()
                .u8(FORMAT)
                .text(detour.site())
                .instant(detour.since())
                .text(detour.reason())
                .toBytes();
    }

    private static Detour decode(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("detour of format " + format);
        return new Detour(in.text(), in.instant(), in.text());
    }
}
