package mansio.state.password;

import mansio.net.time.Work;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The one place where passwords are hashed: on threads of their own, within a budget of memory,
 * with a bounded number of callers that wait. Safe for use by any thread.
 */
public final class PasswordHasher {
    /** Callers that wait for memory or a thread; more are told to come again later. */
    static final int MAX_WAITING = 500;

    private static final int SALT_LENGTH = 16;

    private final Argon2Hash.Costs costs;
    private final int budgetMiB;
    private final Semaphore memory;
    private final Work work;
    private final RandomGenerator random;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Argon2Hash nobody;

    /**
     * @param costs of the hashes made here
     * @param budgetMiB memory of all hashes computed at one time; imported ones need up to 64
     * @param work where they are computed
     * @param random makes salts: a {@code SecureRandom} outside of tests
     */
    public PasswordHasher(
            Argon2Hash.Costs costs, int budgetMiB, Work work, RandomGenerator random) {
        this.costs = costs;
        this.budgetMiB = budgetMiB;
        this.memory = new Semaphore(budgetMiB, true);
        this.work = work;
        this.random = random;
        this.nobody = new Argon2Hash("argon2id", costs, salt(), new byte[32]);
    }

    /** Makes the hash of a new password. */
    public StoredPassword hash(byte[] password) throws IOException {
        byte[] salt = salt();
        return within(nobody.memoryMiB(), () -> Argon2Hash.make(password, salt, costs));
    }

    /** True when {@code stored} was made of this password. */
    public boolean matches(StoredPassword stored, byte[] password) throws IOException {
        return within(stored.memoryMiB(), () -> stored.matches(password));
    }

    /**
     * Does the work of {@link #hash} or {@link #matches} for nobody, so that a refusal takes as
     * long.
     */
    public void pretend(byte[] password) throws IOException {
        within(nobody.memoryMiB(), () -> nobody.matches(password));
    }

    /** Other work that belongs to a password, such as deriving SCRAM keys. */
    public <T> T compute(Work.Task<T> task) throws IOException {
        return within(1, task);
    }

    /** True when it is of the kind that {@link #hash} makes, with our costs. */
    public boolean isCurrent(StoredPassword stored) {
        return stored instanceof Argon2Hash own
                && own.type().equals("argon2id")
                && own.costs().equals(costs);
    }

    private <T> T within(int memoryMiB, Work.Task<T> task) throws IOException {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            throw new IOException("too many log-ins wait for their password check");
        }
        int share = Math.min(memoryMiB, budgetMiB);
        memory.acquireUninterruptibly(share);
        try {
            return work.run(task);
        } finally {
            memory.release(share);
            waiting.decrementAndGet();
        }
    }

    private byte[] salt() {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return salt;
    }
}
