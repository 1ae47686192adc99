package mansio.state.mailbox;

import mansio.state.mailbox.MailboxChange.Done;
import mansio.state.mailbox.MailboxChange.Reason;
import mansio.state.mailbox.MailboxChange.Refused;
import mansio.state.mailbox.MailboxRow.Attributes;
import mansio.state.mailbox.MailboxRow.Counts;
import mansio.state.mailbox.MailboxRow.Tally;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands on mailboxes themselves, each at its turn. No state; any thread. */
final class MailboxTree {
    private MailboxTree() {}

    /** The mailboxes of a new account: RFC 6154 section 2 without \All and \Flagged. */
    static boolean createDefaults(Work work, long epochSecond) {
        if (work.catalog().exists()) return false;
        work.account(new AccountRow(1, Math.max(1, epochSecond), 1, QuotaUse.NOTHING));
        add(work, MailboxInfo.NO_PARENT, "INBOX", Optional.of(SpecialUse.INBOX));
        add(work, MailboxInfo.NO_PARENT, "Drafts", Optional.of(SpecialUse.DRAFTS));
        add(work, MailboxInfo.NO_PARENT, "Sent", Optional.of(SpecialUse.SENT));
        add(work, MailboxInfo.NO_PARENT, "Junk", Optional.of(SpecialUse.JUNK));
        add(work, MailboxInfo.NO_PARENT, "Trash", Optional.of(SpecialUse.TRASH));
        add(work, MailboxInfo.NO_PARENT, "Archive", Optional.of(SpecialUse.ARCHIVE));
        for (MailboxRow row : List.copyOf(work.catalog().all()))
            work.mailbox(row.with(row.attributes().subscribed(true)));
        return true;
    }

    private static MailboxRow add(Work work, long parentId, String leaf, Optional<SpecialUse> use) {
        AccountRow ids = work.takeMailboxId();
        Attributes attributes = new Attributes(parentId, leaf, use, false, ids.nextUidValidity());
        MailboxRow row =
                new MailboxRow(ids.nextMailboxId(), attributes, Counts.empty(work.version()));
        work.mailbox(row);
        return row;
    }

    static MailboxChange create(Work work, MailboxName name, Optional<SpecialUse> use) {
        if (work.catalog().find(name).isPresent()) return new Refused(Reason.ALREADY_EXISTS);
        if (use.isPresent()
                && (use.get() == SpecialUse.INBOX || work.catalog().find(use.get()).isPresent()))
            return new Refused(Reason.USE_TAKEN);
        if (!fits(work, name)) return new Refused(Reason.TOO_MANY);
        MailboxRow made = addWithSuperiors(work, name, use);
        return new Done(work.catalog().info(made));
    }

    private static boolean fits(Work work, MailboxName name) {
        int missing = 0;
        Optional<MailboxName> at = Optional.of(name);
        while (at.isPresent() && work.catalog().find(at.get()).isEmpty()) {
            missing++;
            at = at.get().parent();
        }
        return work.catalog().size() + missing <= work.limits().mailboxes();
    }

    // RFC 9051 section 6.3.4: superior names that are missing are created as well.
    private static MailboxRow addWithSuperiors(
            Work work, MailboxName name, Optional<SpecialUse> use) {
        long parentId = superiorOf(work, name);
        MailboxRow made = add(work, parentId, name.leaf(), use);
        if (!work.catalog().missing().contains(name.toString())) return made;
        work.missing(name, false);
        MailboxRow subscribed = made.with(made.attributes().subscribed(true));
        work.mailbox(subscribed);
        return subscribed;
    }

    private static long superiorOf(Work work, MailboxName name) {
        Optional<MailboxName> parent = name.parent();
        if (parent.isEmpty()) return MailboxInfo.NO_PARENT;
        return work.catalog()
                .find(parent.get())
                .orElseGet(() -> addWithSuperiors(work, parent.get(), Optional.empty()))
                .id();
    }

    static MailboxChange delete(Work work, MailboxName name) {
        Optional<MailboxRow> found = work.catalog().find(name);
        if (found.isEmpty()) return new Refused(Reason.NONEXISTENT);
        if (name.isInbox()) return new Refused(Reason.CANNOT);
        MailboxRow row = found.get();
        if (work.catalog().hasChildren(row.id())) return new Refused(Reason.HAS_CHILDREN);
        MailboxInfo info = work.catalog().info(row);
        Tally tally = row.counts().tally();
        work.account(work.catalog().account().withUse(-tally.size(), -tally.messages()));
        // RFC 9051 section 6.3.7: the subscription stays.
        if (info.subscribed() && work.catalog().missing().size() < Catalog.MAX_MISSING)
            work.missing(name, true);
        work.removeMailbox(row.id());
        work.put(Tables.dead(row.id()), new byte[0]);
        return new Done(info);
    }

    /** Renaming any mailbox but INBOX; {@code to} and what is below it must not exist. */
    static MailboxChange rename(Work work, MailboxName from, MailboxName to) {
        Optional<MailboxRow> found = work.catalog().find(from);
        if (found.isEmpty()) return new Refused(Reason.NONEXISTENT);
        if (work.catalog().find(to).isPresent()) return new Refused(Reason.ALREADY_EXISTS);
        MailboxRow row = found.get();
        if (to.isBelow(from) || !inferiorsFit(work, row, to)) return new Refused(Reason.CANNOT);
        if (!fits(work, to)) return new Refused(Reason.TOO_MANY);
        long parentId = superiorOf(work, to);
        MailboxRow moved = row.with(row.attributes().at(parentId, to.leaf()));
        work.mailbox(moved);
        if (work.catalog().missing().contains(to.toString())) {
            work.missing(to, false);
            moved = moved.with(moved.attributes().subscribed(true));
            work.mailbox(moved);
        }
        return new Done(work.catalog().info(moved));
    }

    /** Every name below must still be a name. */
    private static boolean inferiorsFit(Work work, MailboxRow row, MailboxName to) {
        for (MailboxRow child : work.catalog().all()) {
            if (child.attributes().parentId() != row.id()) continue;
            String path = to + "/" + child.attributes().leaf();
            Optional<MailboxName> name = MailboxName.parse(path);
            if (name.isEmpty() || !inferiorsFit(work, child, name.get())) return false;
        }
        return true;
    }

    static boolean subscribe(Work work, MailboxName name) {
        Optional<MailboxRow> row = work.catalog().find(name);
        if (row.isPresent()) {
            if (!row.get().attributes().subscribed())
                work.mailbox(row.get().with(row.get().attributes().subscribed(true)));
            return true;
        }
        if (work.catalog().missing().contains(name.toString())) return true;
        if (work.catalog().missing().size() >= Catalog.MAX_MISSING) return false;
        work.missing(name, true);
        return true;
    }

    static boolean unsubscribe(Work work, MailboxName name) {
        Optional<MailboxRow> row = work.catalog().find(name);
        if (row.isPresent() && row.get().attributes().subscribed())
            work.mailbox(row.get().with(row.get().attributes().subscribed(false)));
        if (work.catalog().missing().contains(name.toString())) work.missing(name, false);
        return true;
    }

    /** The list that clients are shown. */
    static MailboxList list(Catalog catalog) {
        Set<Long> parents = new HashSet<>();
        for (MailboxRow row : catalog.all()) parents.add(row.attributes().parentId());
        List<MailboxInfo> infos = new ArrayList<>();
        for (MailboxRow row : catalog.all())
            infos.add(catalog.info(row, parents.contains(row.id())));
        infos.sort(
                Comparator.comparing((MailboxInfo info) -> !isInboxOrBelow(info))
                        .thenComparing(MailboxInfo::name, MailboxTree::compare));
        List<MailboxName> missing = new ArrayList<>();
        for (String name : catalog.missing()) MailboxName.parse(name).ifPresent(missing::add);
        return new MailboxList(catalog.version(), infos, missing, catalog.account().use());
    }

    private static boolean isInboxOrBelow(MailboxInfo info) {
        return info.name().elements().getFirst().equals("INBOX");
    }

    private static int compare(MailboxName a, MailboxName b) {
        for (int i = 0; i < Math.min(a.elements().size(), b.elements().size()); i++) {
            int order = a.elements().get(i).compareTo(b.elements().get(i));
            if (order != 0) return order;
        }
        return Integer.compare(a.elements().size(), b.elements().size());
    }
}
