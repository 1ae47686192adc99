package mansio.serve.imapserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells one client in IDLE what changes. A change starts a thread, which lives as long as there is
 * something to tell. What cannot be told now is tried again, a second later and then in ever longer
 * steps up to a minute; where that cannot help, the connection ends: a client is never left without
 * its changes and without knowing it.
 *
 * <p>Safe for use by any thread.
 */
final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Whom it tells. */
    interface Client {
        /** Tells all that has changed; called by one thread at a time. */
        void tell() throws IOException;

        /** False when a response was begun and not ended: nothing else can be written then. */
        boolean isWhole();

        /** Ends the connection. */
        void end();
    }

    private final Client client;
    private final Environment environment;
    private final String name;

    /** Guards what follows; never held while anything is written, so that waking never waits. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition stopped = lock.newCondition();
    private boolean on = true;
    private boolean telling;
    private boolean again;

    /**
     * @param name of its connection, for threads and logs
     */
    Notifier(Client client, Environment environment, String name) {
        this.client = client;
        this.environment = environment;
        this.name = name;
    }

    /** Something has changed. Returns at once. */
    void wake() {
        lock.lock();
        try {
            again = true;
            if (!on || telling) return;
            telling = true;
        } finally {
            lock.unlock();
        }
        try {
            environment.threads().start("imap-idle-" + name, this::tellAll);
        } catch (RuntimeException | Error e) {
            fault(e); // Too little memory for a thread, say.
        }
    }

    private void fault(Throwable ours) {
        LOG.atError().addKeyValue("sid", name).setCause(ours).log("our fault");
        client.end();
    }

    /** From now on nothing new is told. */
    void stop() {
        lock.lock();
        try {
            on = false;
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOn() {
        lock.lock();
        try {
            return on;
        } finally {
            lock.unlock();
        }
    }

    private void tellAll() {
        Duration pause = FIRST_PAUSE;
        boolean wanted = isWanted();
        while (wanted) {
            try {
                client.tell();
                pause = FIRST_PAUSE;
                wanted = isWanted();
            } catch (PeerGoneException e) {
                client.end(); // The reading thread ends the session.
                return;
            } catch (IOException e) {
                LOG.atWarn().addKeyValue("sid", name).setCause(e).log("cannot tell of changes now");
                if (!client.isWhole()) {
                    client.end();
                    return;
                }
                wanted = isStillOnAfter(pause);
                pause = longer(pause);
            } catch (RuntimeException | Error e) {
                fault(e);
                return;
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private boolean isWanted() {
        lock.lock();
        try {
            telling = on && again;
            again = false;
            return telling;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStillOnAfter(Duration pause) {
        long deadline = environment.time().deadline(pause);
        lock.lock();
        try {
            while (on && environment.time().await(lock, stopped, deadline)) {
                // Woken early: wait on.
            }
            telling = on;
            again = false; // The next attempt tells that as well.
            return on;
        } finally {
            lock.unlock();
        }
    }
}
