package mansio.trust.dkim;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.RecordType;
import mansio.net.time.Time;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks up the keys of one message, all at once: one name on the calling thread, each other one on
 * a thread of its own, all until the same deadline. Used by one thread; what it starts only fills
 * the map, under the lock.
 */
public final class KeyFinder {
    private static final Answer LATE =
            new Answer.Failed(Answer.Kind.TIMEOUT, "the key was not found in time");

    private final Surroundings around;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private final Map<DnsName, Answer> answers = new HashMap<>();

    public KeyFinder(Surroundings around) {
        this.around = around;
        this.time = around.time();
    }

    /**
     * Looks up the names that were not looked up before.
     *
     * @param deadlineNanos of {@code Time.nanos()}; what is not there by then stays unknown
     */
    public void find(Collection<DnsName> names, long deadlineNanos) {
        List<DnsName> wanted = unknown(names);
        for (DnsName name : wanted.subList(Math.min(1, wanted.size()), wanted.size())) {
            around.threads().start("dkim-key", () -> lookUp(name, deadlineNanos));
        }
        if (!wanted.isEmpty()) {
            lookUp(wanted.getFirst(), deadlineNanos);
        }
        lock.lock();
        try {
            boolean early = true;
            while (early && !answers.keySet().containsAll(wanted)) {
                early = time.await(lock, came, deadlineNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<DnsName> unknown(Collection<DnsName> names) {
        lock.lock();
        try {
            LinkedHashSet<DnsName> wanted = new LinkedHashSet<>(names);
            wanted.removeAll(answers.keySet());
            return List.copyOf(wanted);
        } finally {
            lock.unlock();
        }
    }

    private void lookUp(DnsName name, long deadlineNanos) {
        Answer answer = LATE; // Stays when the look-up fails by an error of ours.
        try {
            answer = around.resolver().lookup(name, RecordType.TXT, deadlineNanos);
        } finally {
            lock.lock();
            try {
                answers.put(name, answer);
                came.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What was found for a name. */
    public Answer answer(DnsName name) {
        lock.lock();
        try {
            return answers.getOrDefault(name, LATE);
        } finally {
            lock.unlock();
        }
    }
}
