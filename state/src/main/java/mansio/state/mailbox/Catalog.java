package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Attributes;
import mansio.state.mailbox.MailboxRow.Counts;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is known of an account without looking into a mailbox: counters, mailboxes, keywords. There
 * are two: the durable one that readers see, and the one at the head of the writing, which runs
 * ahead. Guarded by its owner.
 */
final class Catalog {
    /** Subscribed names that do not exist. */
    static final int MAX_MISSING = 1_000;

    private record Place(long parentId, String leaf) {}

    private AccountRow account = new AccountRow(1, 1, 1, QuotaUse.NOTHING);
    private Keywords keywords = Keywords.NONE;
    private final Map<Long, MailboxRow> mailboxes = new HashMap<>();
    private final Map<Place, Long> byPlace = new HashMap<>();
    private final NavigableSet<String> missing = new TreeSet<>();
    private boolean exists;
    private boolean staging;
    private long version;

    private Catalog() {}

    /** Reads the catalog as one page, that is at one version. */
    static Catalog load(Reads reads) throws IOException {
        Range all = new Range(Tables.account(), Key.table(Tables.DEAD));
        Page page =
                reads.scan(
                        all, Reads.Direction.FORWARD, Reads.MAX_SCAN_ENTRIES, Reads.MAX_SCAN_BYTES);
        if (page.more()) throw new IllegalStateException("an account of too many mailboxes");
        Catalog catalog = new Catalog();
        catalog.version = page.version();
        Map<Long, Attributes> attributes = new HashMap<>();
        for (Entry entry : page.entries()) catalog.take(entry, attributes);
        return catalog;
    }

    private void take(Entry entry, Map<Long, Attributes> attributes) {
        byte[] value = entry.value();
        switch (entry.key().u8At(0)) {
            case Tables.ACCOUNT -> {
                account = AccountRow.ofBytes(value);
                exists = true;
            }
            case Tables.MAILBOX -> attributes.put(entry.key().u32At(1), Attributes.ofBytes(value));
            case Tables.COUNTS -> {
                long id = entry.key().u32At(1);
                Attributes mine = attributes.get(id);
                if (mine == null) throw new IllegalStateException("counts of no mailbox: " + id);
                put(new MailboxRow(id, mine, Counts.ofBytes(value)));
            }
            case Tables.MISSING -> missing.add(new String(value, StandardCharsets.UTF_8));
            case Tables.KEYWORDS -> keywords = Keywords.ofBytes(value);
            case Tables.STAGING -> staging = true;
            default -> throw new IllegalStateException("table of " + entry.key());
        }
    }

    /** False for an account that nothing was written to yet. */
    boolean exists() {
        return exists;
    }

    /** True when a large command did not come to its end. */
    boolean staging() {
        return staging;
    }

    /** The version up to which this catalog is. */
    long version() {
        return version;
    }

    void version(long now) {
        version = now;
    }

    AccountRow account() {
        return account;
    }

    void account(AccountRow now) {
        account = now;
        exists = true;
    }

    Keywords keywords() {
        return keywords;
    }

    void keywords(Keywords now) {
        keywords = now;
    }

    Optional<MailboxRow> get(long mailboxId) {
        return Optional.ofNullable(mailboxes.get(mailboxId));
    }

    Collection<MailboxRow> all() {
        return Collections.unmodifiableCollection(mailboxes.values());
    }

    int size() {
        return mailboxes.size();
    }

    void put(MailboxRow row) {
        MailboxRow before = mailboxes.put(row.id(), row);
        if (before != null && before.attributes().equals(row.attributes())) return;
        if (before != null) byPlace.remove(placeOf(before));
        byPlace.put(placeOf(row), row.id());
    }

    void remove(long mailboxId) {
        MailboxRow before = mailboxes.remove(mailboxId);
        if (before != null) byPlace.remove(placeOf(before));
    }

    private static Place placeOf(MailboxRow row) {
        return new Place(row.attributes().parentId(), row.attributes().leaf());
    }

    NavigableSet<String> missing() {
        return missing;
    }

    Optional<MailboxRow> child(long parentId, String leaf) {
        return Optional.ofNullable(byPlace.get(new Place(parentId, leaf))).map(this::row);
    }

    Optional<MailboxRow> find(MailboxName name) {
        long parentId = MailboxInfo.NO_PARENT;
        Optional<MailboxRow> found = Optional.empty();
        for (String element : name.elements()) {
            found = child(parentId, element);
            if (found.isEmpty()) return found;
            parentId = found.get().id();
        }
        return found;
    }

    Optional<MailboxRow> find(SpecialUse use) {
        for (MailboxRow row : mailboxes.values()) {
            if (row.attributes().use().filter(use::equals).isPresent()) return Optional.of(row);
        }
        return Optional.empty();
    }

    boolean hasChildren(long mailboxId) {
        for (MailboxRow row : mailboxes.values()) {
            if (row.attributes().parentId() == mailboxId) return true;
        }
        return false;
    }

    MailboxName nameOf(MailboxRow row) {
        List<String> elements = new ArrayList<>();
        MailboxRow at = row;
        elements.add(at.attributes().leaf());
        while (at.attributes().parentId() != MailboxInfo.NO_PARENT) {
            at = row(at.attributes().parentId());
            elements.add(at.attributes().leaf());
        }
        return new MailboxName(elements.reversed());
    }

    private MailboxRow row(long mailboxId) {
        MailboxRow row = mailboxes.get(mailboxId);
        if (row == null) throw new IllegalStateException("no mailbox " + mailboxId);
        return row;
    }

    MailboxInfo info(MailboxRow row) {
        return info(row, hasChildren(row.id()));
    }

    MailboxInfo info(MailboxRow row, boolean hasChildren) {
        Attributes attributes = row.attributes();
        return new MailboxInfo(
                row.id(),
                nameOf(row),
                attributes.use(),
                attributes.subscribed(),
                attributes.parentId(),
                hasChildren,
                row.toStatus());
    }
}
