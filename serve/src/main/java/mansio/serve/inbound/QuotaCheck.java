package mansio.serve.inbound;

import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.QuotaLimit;
import mansio.state.mailbox.QuotaUse;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.Optional;

/**
 * Whether an account has room for another message. Asked at RCPT: after the 250 a delivery is never
 * refused. Safe for use by any thread.
 */
@FunctionalInterface
public interface QuotaCheck {
    /**
     * @param bytes what the client declared; 0 when it did not
     * @throws IOException when it cannot tell
     */
    boolean hasRoom(AccountId account, long bytes) throws IOException;

    /** Compares what the mailboxes hold with the account's quota, or with the usual one. */
    static QuotaCheck of(Directory directory, Accounts accounts, QuotaLimit usual) {
        return (id, bytes) -> {
            Optional<Account> account = directory.account(id);
            boolean own = account.isPresent() && account.get().quotaBytes().isPresent();
            if (!own && usual.equals(QuotaLimit.UNLIMITED)) {
                return true; // The mailboxes need not even be looked at.
            }
            QuotaLimit limit =
                    own
                            ? new QuotaLimit(
                                    account.get().quotaBytes().getAsLong(), usual.messages())
                            : usual;
            return accounts.open(id).quota().allows(limit, new QuotaUse(Math.max(1, bytes), 1));
        };
    }
}
