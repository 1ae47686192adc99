package mansio.net.tls;

import mansio.net.time.Rounds;
import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.time.Duration;

/** Looks from time to time whether certificate files have changed, until it is closed. */
public final class CertificateWatcher implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatcher.class);

    private final Certificates certificates;
    private final Duration every;
    private final Rounds rounds;

    private CertificateWatcher(Certificates certificates, Time time, Duration every) {
        this.certificates = certificates;
        this.rounds = new Rounds(time);
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
        while (rounds.pause(every)) {
            try {
                certificates.reload();
            } catch (RuntimeException e) {
                log.error("Looking at the certificates met an error of ours", e);
            }
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
