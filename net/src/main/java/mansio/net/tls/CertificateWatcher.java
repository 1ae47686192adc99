package mansio.net.tls;

import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Looks from time to time whether certificate files have changed, until it is closed. */
public final class CertificateWatcher implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatcher.class);

    private final Certificates certificates;
    private final Time time;
    private final Duration every;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    /** Guarded by the lock. */
    private boolean closed;

    private CertificateWatcher(Certificates certificates, Time time, Duration every) {
        this.certificates = certificates;
        this.time = time;
        this.every = every;
    }

    /** Starts to watch on a thread of its own. */
    public static CertificateWatcher start(
            Certificates certificates, Time time, Threads threads, Duration every) {
        CertificateWatcher watcher = new CertificateWatcher(certificates, time, every);
        threads.start("certificates", watcher::watch);
        return watcher;
    }

    private void watch() {
        while (waited()) {
            try {
                certificates.reload();
            } catch (RuntimeException e) {
                log.error("Looking at the certificates met an error of ours", e);
            }
        }
    }

    private boolean waited() {
        lock.lock();
        try {
            long deadline = time.deadline(every);
            while (!closed && time.await(lock, closing, deadline)) {
                // Woken early: wait on.
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
