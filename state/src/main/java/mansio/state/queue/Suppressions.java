package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.net.time.Time;
import mansio.state.queue.Failure.Stage;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Reads.Direction;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses that are not tried for some days, because their own servers said that they do not
 * exist: who sends to them again and again is taken for a spammer. Kept in one shard by address.
 * Safe for use by any thread.
 */
public final class Suppressions {
    private static final int TABLE = 0x05;
    private static final int MAX_KEY = 400;
    private static final int PAGE = 500;

    /** RFC 3463 section 3.2, RFC 7505 section 4.2: no such mailbox, no mail for the domain. */
    private static final Set<String> GONE = Set.of("5.1.1", "5.1.10");

    private final Partition shard;
    private final Time time;
    private final Duration keep;

    /** Nothing was on the list when it was looked at first, and nothing was put on it since. */
    private volatile boolean empty;

    private final AtomicInteger added = new AtomicInteger();
    private final AtomicBoolean looked = new AtomicBoolean();

    Suppressions(Partition shard, Time time, Duration keep) {
        this.shard = shard;
        this.time = time;
        this.keep = keep;
    }

    /** Why the address is not tried, if so. */
    Optional<Suppression> find(Address address) throws IOException {
        Optional<Key> key = key(address);
        if (keep.isZero() || key.isEmpty() || isEmpty()) return Optional.empty();
        return shard.get(key.get())
                .map(value -> read(address, value))
                .filter(it -> it.since().plus(keep).isAfter(time.now()));
    }

    /** Most servers have none, and each attempt of each recipient asks. */
    private boolean isEmpty() throws IOException {
        if (added.get() == 0 && looked.compareAndSet(false, true))
            empty = page(Key.table(TABLE), 1).entries().isEmpty();
        return empty && added.get() == 0;
    }

    /** Learns from a failure, if it is one to learn from. */
    void learn(Address address, Failure failure) throws IOException {
        // An answer to MAIL is about the sender, one to the message about nobody in particular.
        boolean said = failure.stage() == Stage.RCPT && !failure.reply().isEmpty();
        if (keep.isZero() || !said || !GONE.contains(failure.status())) return;
        String reason = failure.host() + ": " + failure.reply();
        add(new Suppression(address, failure.at(), failure.status(), reason));
    }

    /** Puts an address on the list. */
    public void add(Suppression suppression) throws IOException {
        Optional<Key> key = key(suppression.address());
        if (key.isEmpty()) return;
        ValueWriter value = new ValueWriter();
        Texts.write(value, suppression.since());
        value.text(suppression.status()).text(suppression.reason());
        added.incrementAndGet(); // First: who looks from now on looks at the disk.
        var _ =
                shard.writeLazily(
                        turn -> {
                            turn.put(key.get(), value.toBytes());
                            return true;
                        });
    }

    /** Takes an address off the list; false when it was not there. */
    public boolean remove(Address address) throws IOException {
        Optional<Key> key = key(address);
        if (key.isEmpty()) return false;
        return shard.writeFreeing(
                turn -> {
                    boolean there = turn.get(key.get()).isPresent();
                    if (there) turn.delete(key.get());
                    return there;
                });
    }

    /**
     * Addresses behind {@code after} in the order of their text; those that ended left out. Fewer
     * than {@code max} are the last ones.
     */
    public List<Suppression> list(Optional<Address> after, int max) throws IOException {
        Key from = after.flatMap(Suppressions::key).map(Key::next).orElse(Key.table(TABLE));
        List<Suppression> found = new ArrayList<>();
        while (true) {
            Page page = page(from, PAGE);
            for (Entry entry : page.entries()) {
                Address address = Address.parse(entry.key().textFrom(1));
                Suppression it = read(address, entry.value());
                if (it.since().plus(keep).isAfter(time.now())) found.add(it);
                if (found.size() == max) return found;
            }
            if (!page.more()) return found;
            from = page.entries().getLast().key().next();
        }
    }

    /** Forgets those that were kept long enough. Called now and then. */
    void forgetOld() throws IOException {
        Key from = Key.table(TABLE);
        while (true) {
            Page page = page(from, PAGE);
            List<Key> old = new ArrayList<>();
            for (Entry entry : page.entries()) {
                var since = Texts.instant(new ValueReader(entry.value()));
                if (!since.plus(keep).isAfter(time.now())) old.add(entry.key());
            }
            if (!old.isEmpty()) {
                var _ =
                        shard.writeLazily(
                                turn -> {
                                    old.forEach(turn::delete);
                                    return true;
                                });
            }
            if (!page.more()) return;
            from = page.entries().getLast().key().next();
        }
    }

    private Page page(Key from, int max) throws IOException {
        Range range = new Range(from, Key.table(TABLE + 1));
        return shard.scan(range, Direction.FORWARD, max, Reads.MAX_SCAN_BYTES);
    }

    private static Suppression read(Address address, byte[] value) {
        ValueReader in = new ValueReader(value);
        return new Suppression(address, Texts.instant(in), in.text(), in.text());
    }

    /** The local part is theirs: it is not folded. Addresses too long for a key are not kept. */
    private static Optional<Key> key(Address address) {
        byte[] text = address.toWire().getBytes(StandardCharsets.UTF_8);
        return text.length > MAX_KEY ? Optional.empty() : Optional.of(Key.table(TABLE).raw(text));
    }
}
