package mansio.state.mailbox;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.store.AccountId;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The accounts' mail. Gives the same {@link MailAccount} to all who use an account at a time, and
 * keeps some that nobody uses just now. Safe for use by any thread.
 */
public final class Accounts {
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final int PAGE = 100;

    private final Ledger.Surroundings around;
    private final Threads threads;

    /** Held while an account is opened: two objects for one account would not know each other. */
    private final ReentrantLock lock = new ReentrantLock();

    /** All that anybody holds. */
    private final Map<AccountId, WeakReference<MailAccount>> open = new HashMap<>();

    /** Those used last, so that they stay. */
    private final LinkedHashMap<AccountId, MailAccount> recent =
            new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param threads for sweeping behind deletions
     */
    public Accounts(Store store, Time time, Threads threads, MailLimits limits) {
        PlacementCache cache = new PlacementCache(limits.cachedPlacements());
        this.around = new Ledger.Surroundings(store, time, limits, cache);
        this.threads = threads;
    }

    /**
     * The mail of an account that the directory knows. One that has none yet gets INBOX, Drafts,
     * Sent, Junk, Trash and Archive with their special uses, subscribed to.
     */
    public MailAccount open(AccountId id) throws IOException {
        lock.lock();
        try {
            WeakReference<MailAccount> known = open.get(id);
            MailAccount account = known == null ? null : known.get();
            if (account == null) {
                account = make(id);
                open.put(id, new WeakReference<>(account));
            }
            recent.put(id, account);
            if (recent.size() > around.limits().cachedAccounts()) {
                recent.remove(recent.firstEntry().getKey());
                open.values().removeIf(reference -> reference.get() == null);
            }
            return account;
        } finally {
            lock.unlock();
        }
    }

    private MailAccount make(AccountId id) throws IOException {
        Ledger ledger = new Ledger(id, around);
        if (!ledger.shown().read(Catalog::exists)) {
            long second = around.time().now().getEpochSecond();
            ledger.write(work -> MailboxTree.createDefaults(work, second));
        }
        return new MailAccount(ledger, () -> sweepLater(id));
    }

    private void sweepLater(AccountId id) {
        var _ = threads.start("sweep-" + id, () -> sweepQuietly(id));
    }

    private void sweepQuietly(AccountId id) {
        try {
            open(id).sweep();
        } catch (IOException e) {
            LOG.warn("account={} sweep=later reason={}", id, e.toString());
        }
    }

    /**
     * Forgets all mail of an account, in the background. The directory forgot the account first.
     */
    public void erase(AccountId id) throws IOException {
        lock.lock();
        try {
            open.remove(id);
            recent.remove(id);
        } finally {
            lock.unlock();
        }
        around.store().erase(id.partition());
    }

    /**
     * Purges what was expunged longer ago than it is kept, and finishes what a crash interrupted.
     * Called now and then.
     */
    public void maintain() throws IOException {
        long after = 0;
        List<PartitionId> page;
        do {
            page = around.store().partitions(PartitionId.Kind.ACCOUNT, after, PAGE);
            for (PartitionId partition : page) {
                sweepQuietly(new AccountId(partition.number()));
                after = partition.number();
            }
        } while (page.size() == PAGE);
    }
}
