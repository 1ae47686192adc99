package mansio.state.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one command changed in memory. It is shown to readers when its version is durable. Written
 * by the command's turn, then never changed.
 */
final class Delta {
    private final long version;
    private final Map<Long, Optional<MailboxRow>> mailboxes = new HashMap<>();
    private final Map<String, Boolean> missing = new HashMap<>();
    private final Map<Long, BlockChange> blocks = new HashMap<>();

    /** Null while the command has not changed it. */
    private @Nullable AccountRow account;

    /** Null while the command has not changed it. */
    private @Nullable Keywords keywords;

    Delta(long version) {
        this.version = version;
    }

    long version() {
        return version;
    }

    void account(AccountRow now) {
        account = now;
    }

    boolean accountChanged() {
        return account != null;
    }

    void keywords(Keywords now) {
        keywords = now;
    }

    void mailbox(MailboxRow now) {
        mailboxes.put(now.id(), Optional.of(now));
    }

    void noMailbox(long mailboxId) {
        mailboxes.put(mailboxId, Optional.empty());
        blocks.remove(mailboxId);
    }

    void missing(String name, boolean now) {
        missing.put(name, now);
    }

    BlockChange blocksOf(long mailboxId) {
        return blocks.computeIfAbsent(mailboxId, _ -> new BlockChange());
    }

    Map<Long, BlockChange> blocks() {
        return blocks;
    }

    Map<Long, Optional<MailboxRow>> mailboxes() {
        return mailboxes;
    }

    void applyTo(Catalog catalog) {
        if (account != null) catalog.account(account);
        if (keywords != null) catalog.keywords(keywords);
        mailboxes.forEach((id, row) -> row.ifPresentOrElse(catalog::put, () -> catalog.remove(id)));
        missing.forEach(
                (name, now) -> {
                    if (now) catalog.missing().add(name);
                    else catalog.missing().remove(name);
                });
        catalog.version(version);
    }
}
