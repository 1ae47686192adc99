package mansio.state.dkimkey;

import mansio.codec.text.Domain;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where keys stand: in the partition and, but for the secrets, in memory. Each change is one batch,
 * and holds when the method returns. Read by any thread, changed by one at a time.
 */
final class KeyShelf {
    private static final int PAGE = 500;

    private final Partition partition;
    private final Map<Domain, Held> domains = new ConcurrentHashMap<>();

    /** What a domain has. Never changes. */
    record Held(List<DkimKey> keys, DomainSigning signing) {
        static final Held NOTHING = new Held(List.of(), DomainSigning.USUAL);
    }

    /** A key that comes, and its sealed secret. */
    record New(DkimKey key, byte[] sealed) {}

    KeyShelf(Partition partition) throws IOException {
        this.partition = partition;
        load(KeyRows.KEYS, entry -> remember(KeyRows.key(entry.value())));
        load(
                KeyRows.SETTINGS,
                entry ->
                        remember(
                                new Domain(entry.key().textFrom(1)),
                                KeyRows.settings(entry.value())));
    }

    private void load(Key table, Consumer<Entry> each) throws IOException {
        Range range = Range.prefix(table);
        Page page;
        do {
            page = partition.scan(range, Reads.Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            page.entries().forEach(each);
            if (page.more()) range = new Range(page.entries().getLast().key().next(), range.to());
        } while (page.more());
    }

    Held of(Domain domain) {
        return domains.getOrDefault(domain, Held.NOTHING);
    }

    /** By domain and selector. */
    List<DkimKey> all() {
        return domains.values().stream()
                .flatMap(it -> it.keys().stream())
                .sorted(
                        Comparator.comparing((DkimKey it) -> it.name().domain().text())
                                .thenComparing(it -> it.name().selector()))
                .toList();
    }

    /** New keys, and what becomes of others with them. */
    void add(List<New> keys, List<DkimKey> others) throws IOException {
        partition.write(
                turn -> {
                    for (New it : keys) {
                        turn.put(KeyRows.key(it.key().name()), KeyRows.encode(it.key()));
                        turn.put(KeyRows.secret(it.key().name()), it.sealed());
                    }
                    others.forEach(it -> turn.put(KeyRows.key(it.name()), KeyRows.encode(it)));
                    return keys.size();
                });
        keys.forEach(it -> remember(it.key()));
        others.forEach(this::remember);
    }

    /** What becomes of keys that are there. A retired one has no secret any more. */
    void replace(List<DkimKey> keys) throws IOException {
        partition.writeFreeing(
                turn -> {
                    for (DkimKey key : keys) {
                        turn.put(KeyRows.key(key.name()), KeyRows.encode(key));
                        if (key.state() == KeyState.RETIRED) {
                            turn.delete(KeyRows.secret(key.name()));
                        }
                    }
                    return keys.size();
                });
        keys.forEach(this::remember);
    }

    void drop(DkimKey key) throws IOException {
        partition.writeFreeing(
                turn -> {
                    turn.delete(KeyRows.key(key.name()));
                    turn.delete(KeyRows.secret(key.name()));
                    return true;
                });
        Held held = of(key.name().domain());
        List<DkimKey> left =
                held.keys().stream().filter(it -> !it.name().equals(key.name())).toList();
        domains.put(key.name().domain(), new Held(left, held.signing()));
    }

    void set(Domain domain, DomainSigning signing) throws IOException {
        partition.write(
                turn -> {
                    turn.put(KeyRows.settings(domain), KeyRows.encode(signing));
                    return true;
                });
        remember(domain, signing);
    }

    void forget(Domain domain) throws IOException {
        List<DkimKey> keys = of(domain).keys();
        partition.writeFreeing(
                turn -> {
                    for (DkimKey key : keys) {
                        turn.delete(KeyRows.key(key.name()));
                        turn.delete(KeyRows.secret(key.name()));
                    }
                    turn.delete(KeyRows.settings(domain));
                    return keys.size();
                });
        domains.remove(domain);
    }

    private void remember(DkimKey key) {
        Held held = of(key.name().domain());
        List<DkimKey> keys = new ArrayList<>(held.keys());
        keys.removeIf(it -> it.name().equals(key.name()));
        keys.add(key);
        keys.sort(Comparator.comparing(it -> it.name().selector()));
        domains.put(key.name().domain(), new Held(List.copyOf(keys), held.signing()));
    }

    private void remember(Domain domain, DomainSigning signing) {
        domains.put(domain, new Held(of(domain).keys(), signing));
    }
}
