package mansio.state.dkimkey;

import mansio.codec.text.Domain;
import mansio.net.dns.Resolver;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.directory.Directory;
import mansio.state.directory.Outcome;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Looks after the keys: makes those of domains that have none, asks the DNS for the records, and
 * takes keys on. One thread, {@link #close} ends it; {@link #wake} brings the next round forward.
 */
public final class KeyRounds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeyRounds.class);

    /** Between rounds. */
    private static final Duration EVERY = Duration.ofMinutes(10);

    /** Somebody is publishing a record just now: each round. Later each hour. */
    private static final Duration FRESH = Duration.ofDays(1);

    private static final Duration HOURLY = Duration.ofHours(1);

    /** A key that signs is only watched. */
    private static final Duration DAILY = Duration.ofDays(1);

    /** So many look-ups in a row without an answer, and the round asks no more. */
    private static final int MAX_UNKNOWN = 5;

    private final DkimKeys keys;
    private final Directory directory;
    private final Habits habits;
    private final KeyLookUp lookUp;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** When a key is looked at again, by {@link Time#nanos}. Touched by the one thread only. */
    private final Map<KeyName, Long> next = new HashMap<>();

    /** Guarded by the lock. */
    private boolean closed;

    /** Guarded by the lock. */
    private boolean woken;

    /**
     * How it is done.
     *
     * @param rotateAfter the age at which active keys are replaced; empty: never by itself
     */
    public record Habits(Resolver resolver, Optional<Duration> rotateAfter) {}

    public KeyRounds(DkimKeys keys, Directory directory, Habits habits, Time time) {
        this.keys = keys;
        this.directory = directory;
        this.habits = habits;
        this.lookUp = new KeyLookUp(habits.resolver(), time, keys.crypto());
        this.time = time;
    }

    /** Starts the thread; the first round is at once. */
    public void start(Threads threads) {
        threads.start("dkim-keys", this::rounds);
    }

    /** Begins a round now that looks at every key. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void rounds() {
        do {
            try {
                round();
            } catch (IOException e) {
                if (isClosed()) return; // What it works with is closed, too.
                log.atWarn().log("keys are looked at again later: {}", e.getMessage());
            } catch (RuntimeException | Error e) {
                if (isClosed()) return;
                // An Error too: there is no other thread for this.
                log.atError().setCause(e).log("looking after keys failed; it is tried again");
            }
        } while (waited());
    }

    private boolean waited() {
        lock.lock();
        try {
            long deadline = time.deadline(EVERY);
            while (!closed && !woken && time.await(lock, changed, deadline)) {
                // Woken early: wait on.
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeWoken() {
        lock.lock();
        try {
            boolean was = woken;
            woken = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** One round, for tests too. */
    void round() throws IOException {
        if (takeWoken()) next.clear();
        for (Domain domain : directory.domains()) {
            if (isClosed()) return;
            for (DkimKey key : keys.makeFirst(domain)) {
                log.atInfo().addKeyValue("key", key.name()).log("a key was made");
            }
            rotate(domain);
        }
        forgetOthers();
        Set<KeyName> there = new HashSet<>();
        int unknown = 0;
        for (DkimKey key : inTurn()) {
            if (isClosed()) return;
            there.add(key.name());
            if (!keys.waitForPublication() && key.state().isNew()) {
                activate(key);
            } else if (!keys.waitForPublication() || !asks(key)) {
                advance(key, new Sighting.Unknown("its record is not asked for"));
            } else if (unknown < MAX_UNKNOWN && isDue(key)) {
                Sighting seen = lookUp.of(key);
                unknown = seen instanceof Sighting.Unknown ? unknown + 1 : 0;
                keys.note(key.name(), seen);
                complain(key, seen);
                advance(key, seen);
            }
        }
        next.keySet().retainAll(there);
    }

    /**
     * A crash can come between the removal of a domain and that of its keys, and a round that met
     * the domain before can make keys behind both.
     */
    private void forgetOthers() throws IOException {
        Set<Domain> domains = new HashSet<>();
        for (DkimKey key : keys.all()) domains.add(key.name().domain());
        for (Domain domain : domains) {
            if (directory.isLocal(domain)) continue;
            keys.forget(domain);
            log.atInfo().addKeyValue("domain", domain).log("keys of no domain of ours are gone");
        }
    }

    /**
     * The longest due first: names that cannot be asked for must not keep others from their turn.
     */
    private List<DkimKey> inTurn() {
        long now = time.nanos();
        ToLongFunction<DkimKey> due =
                key -> {
                    Long at = next.get(key.name());
                    return at == null ? Long.MIN_VALUE : at - now;
                };
        return keys.all().stream().sorted(Comparator.comparingLong(due)).toList();
    }

    private static boolean asks(DkimKey key) {
        return switch (key.state()) {
            case MADE, PUBLISHED, ACTIVE -> true;
            case RETIRING, RETIRED -> false;
        };
    }

    private boolean isDue(DkimKey key) {
        long now = time.nanos();
        Long at = next.get(key.name());
        if (at != null && now - at < 0) return false;
        Duration age = Duration.between(key.life().made(), time.now());
        Duration pause =
                key.state() == KeyState.ACTIVE
                        ? DAILY
                        : age.compareTo(FRESH) < 0 ? Duration.ZERO : HOURLY;
        next.put(key.name(), now + pause.toNanos());
        return true;
    }

    /** One that was made when keys had to wait. */
    private void activate(DkimKey key) throws IOException {
        if (keys.activate(key.name()) instanceof Outcome.Done<DkimKey>) {
            log.atInfo().addKeyValue("key", key.name()).log("a key is active; none has to wait");
        }
    }

    private static void complain(DkimKey key, Sighting seen) {
        if (key.state() == KeyState.ACTIVE && seen instanceof Sighting.Absent(String reason)) {
            log.atWarn()
                    .addKeyValue("key", key.name())
                    .addKeyValue("reason", reason)
                    .log("mail is signed with a key that nobody can check");
        }
    }

    private void advance(DkimKey key, Sighting seen) throws IOException {
        Optional<DkimKey> changed = keys.advance(key.name(), seen);
        if (changed.isPresent()) {
            next.remove(key.name());
            log.atInfo()
                    .addKeyValue("key", key.name())
                    .addKeyValue("state", changed.get().state().text())
                    .log("a key goes on");
        }
    }

    /** Replaces active keys that are too old, where no new ones wait. */
    private void rotate(Domain domain) throws IOException {
        if (habits.rotateAfter().isEmpty()) return;
        Instant before = time.now().minus(habits.rotateAfter().get());
        List<DkimKey> all = keys.of(domain);
        boolean old =
                all.stream()
                        .anyMatch(
                                it ->
                                        it.state() == KeyState.ACTIVE
                                                && it.life().made().isBefore(before));
        if (!old || all.stream().anyMatch(it -> it.state().isNew())) return;
        switch (keys.rotate(domain, DkimKey.Pace.PATIENT)) {
            case Outcome.Done<List<DkimKey>>(List<DkimKey> made) ->
                    log.atWarn()
                            .addKeyValue("domain", domain)
                            .addKeyValue("keys", made)
                            .log("keys grow old; publish the records of the new ones");
            case Outcome.Refused<List<DkimKey>>(var _, String sentence) ->
                    log.atWarn().addKeyValue("domain", domain).log("{}", sentence);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
