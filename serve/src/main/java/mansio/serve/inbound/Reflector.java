package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.net.time.Time;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the answers of the reflector, by the hour: those to one sender, and all. Nobody but an
 * authenticated sender is answered, and even they must not be able to make us send without end.
 * Safe for use by any thread.
 */
final class Reflector {
    private static final Duration WINDOW = Duration.ofHours(1);

    private final ReflectorSettings settings;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Of this hour; at most as many as answers are given. Guarded by the lock. */
    private final Map<Address, Integer> counts = new HashMap<>();

    private long sinceNanos;
    private int taken;

    Reflector(ReflectorSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.sinceNanos = time.nanos();
    }

    /** True for the reflector's address in any domain. */
    boolean has(Address address) {
        return Ascii.lower(address.localPart().text())
                .equals(Ascii.lower(settings.localPart().text()));
    }

    /** Takes one answer, if there is one left. */
    boolean take(Address to) {
        lock.lock();
        try {
            long now = time.nanos();
            if (now - sinceNanos > WINDOW.toNanos()) {
                counts.clear();
                taken = 0;
                sinceNanos = now;
            }
            int before = counts.getOrDefault(to, 0);
            if (taken >= settings.perHour() || before >= settings.perSender()) return false;
            taken++;
            counts.put(to, before + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
