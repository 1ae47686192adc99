package mansio.serve.dropfolder;

import mansio.codec.message.AddressList;
import mansio.codec.message.NamedAddress;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.dsn.Undelivered;
import mansio.state.dsn.Undelivered.Failed;
import mansio.state.queue.QueueEntry;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Names of this machine's users turned into addresses. Safe for use by any thread; every method
 * throws IOException when it cannot tell now.
 */
final class Names {
    private final DropSettings settings;
    private final Directory directory;
    private final Predicate<String> isSystemUser;
    private final Rules rules;

    /** What rules make of a recipient. */
    @FunctionalInterface
    interface Rules {
        Address apply(Address recipient) throws IOException;
    }

    /**
     * @param isSystemUser whether the system knows a user of that name
     */
    Names(DropSettings settings, Directory directory, Predicate<String> isSystemUser, Rules rules) {
        this.rules = rules;
        this.settings = settings;
        this.directory = directory;
        this.isSystemUser = isSystemUser;
    }

    /** Of local users' addresses. */
    Domain domain() throws IOException {
        if (settings.domain().isPresent()) return settings.domain().get();
        Domain host = settings.hostname();
        if (directory.isLocal(host)) return host;
        List<Domain> ours = directory.domains();
        for (Domain domain : ours) if (host.text().endsWith("." + domain.text())) return domain;
        return ours.isEmpty() ? host : ours.getFirst();
    }

    /** Of this server. */
    Domain hostname() {
        return settings.hostname();
    }

    /** The address of a local user, whether or not it can be written to. */
    Address own(String user) throws IOException {
        Optional<Address> address = address(user, domain());
        return address.isPresent() ? address.get() : Address.of("postmaster", domain());
    }

    private static Optional<Address> address(String localPart, Domain domain) {
        try {
            return Optional.of(new Address(new LocalPart(localPart), domain));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /**
     * The reverse-path a message leaves with.
     *
     * @param note what was asked for and not given, for the story
     */
    record Sender(Optional<Address> reversePath, Optional<String> note) {}

    /**
     * Chooses the reverse-path: what was asked for when the user may, else the user's own address,
     * or the postmaster's when ours is a domain in which that address would reach nobody: a report
     * must come back to somebody.
     */
    Sender sender(Dropped.User user, Optional<String> asked) throws IOException {
        Optional<Address> own = Optional.of(reachable(own(user.name())));
        if (asked.isEmpty()) return new Sender(own, Optional.empty());
        String text = asked.get();
        if (text.isEmpty() || text.equals("<>"))
            return new Sender(Optional.empty(), Optional.empty());
        Optional<Address> address = first(text);
        if (address.isPresent() && maySend(user, address.get()))
            return new Sender(address, Optional.empty());
        String what =
                address.map(it -> user.name() + " may not send as " + it).orElse("no address");
        return new Sender(own, Optional.of("sendmail -f: " + what + "; it is " + own.get()));
    }

    private Address reachable(Address own) throws IOException {
        return directory.route(own) instanceof Route.NoSuchUser
                ? Address.of("postmaster", own.domain().orElseThrow())
                : own;
    }

    private Optional<Address> first(String text) throws IOException {
        List<NamedAddress> mailboxes = AddressList.parse(text).mailboxes();
        if (mailboxes.size() != 1) return Optional.empty();
        NamedAddress only = mailboxes.getFirst();
        return only.domain().isEmpty() ? address(only.localPart(), domain()) : only.address();
    }

    private boolean maySend(Dropped.User user, Address address) throws IOException {
        Optional<Domain> domain = address.domain();
        if (domain.isEmpty() || !isOurs(domain.get())) return false;
        if (user.isRoot() || settings.trustedUsers().contains(user.name())) return true;
        String localPart = address.localPart().text();
        if (localPart.equals(user.name()) || localPart.startsWith(user.name() + "+")) return true;
        Optional<AccountId> account = account(own(user.name()));
        return account.isPresent() && directory.owns(account.get(), address);
    }

    /** The account that has this very address; an alias may lead to somebody else. */
    private Optional<AccountId> account(Address own) throws IOException {
        if (!(directory.route(own) instanceof Route.Ours(List<Route.Target> targets, _))
                || targets.isEmpty()) return Optional.empty();
        AccountId id = targets.getFirst().account();
        Optional<Account> account = directory.account(id);
        return account.isPresent() && account.get().address().equals(own)
                ? Optional.of(id)
                : Optional.empty();
    }

    private boolean isOurs(Domain domain) throws IOException {
        return directory.isLocal(domain)
                || domain.equals(domain())
                || domain.equals(settings.hostname());
    }

    /**
     * Where a message goes.
     *
     * @param unknown each recipient that nobody has, or that is no address
     */
    record Recipients(List<RoutedRecipient> routed, List<Failed> unknown) {}

    /** Finds out where the mailboxes of these address lists are. */
    Recipients recipients(List<String> lists) throws IOException {
        List<RoutedRecipient> routed = new ArrayList<>();
        List<Failed> unknown = new ArrayList<>();
        Set<Address> seen = new HashSet<>();
        Room room = new Room();
        for (String list : lists) {
            for (NamedAddress mailbox : AddressList.parse(list).mailboxes()) {
                Optional<RoutedRecipient> found = find(mailbox);
                if (found.isEmpty()) {
                    unknown.add(
                            new Failed(
                                    oneLine(mailbox.text()),
                                    Undelivered.NOBODY,
                                    "there is nobody of that name"));
                } else if (seen.add(found.get().forwardPath())) {
                    if (room.fits(found.get())) routed.add(found.get());
                    else
                        unknown.add(
                                new Failed(
                                        found.get().forwardPath().toWire(),
                                        "5.5.3",
                                        "too many recipients"));
                }
            }
        }
        return new Recipients(routed, unknown);
    }

    /** An entry of the queue takes so many, each account behind an alias counted. */
    private static final class Room {
        private int taken;

        boolean fits(RoutedRecipient recipient) {
            int more =
                    switch (recipient.route()) {
                        case Route.Ours(var targets, var forwards) ->
                                targets.size() + forwards.size();
                        case Route.Remote _, Route.NoSuchUser _, Route.Reflector _ -> 1;
                    };
            if (taken + more > QueueEntry.MAX_RECIPIENTS) return false;
            taken += more;
            return true;
        }
    }

    private Optional<RoutedRecipient> find(NamedAddress mailbox) throws IOException {
        if (mailbox.domain().isEmpty()) {
            String name = mailbox.localPart();
            return localUser(name.startsWith("\\") ? name.substring(1) : name);
        }
        return mailbox.address().isPresent() ? routed(mailbox.address().get()) : Optional.empty();
    }

    /**
     * A name without domain. A user of the system who has no address here is the admin's business:
     * that is where root's mail belongs.
     */
    Optional<RoutedRecipient> localUser(String name) throws IOException {
        Optional<Address> address = address(name, domain());
        if (address.isEmpty()) return Optional.empty();
        boolean ours = directory.isLocal(domain());
        Optional<RoutedRecipient> found = routed(address.get());
        if ((ours && found.isPresent()) || !isSystemUser.test(name)) return found;
        if (settings.admin().isPresent()) return routed(settings.admin().get());
        return ours ? routed(Address.of("postmaster", domain())) : found;
    }

    private Optional<RoutedRecipient> routed(Address given) throws IOException {
        Address address = rules.apply(given);
        Route route = directory.route(address);
        return route instanceof Route.NoSuchUser
                ? Optional.empty()
                : Optional.of(new RoutedRecipient(address, route));
    }

    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}]", "?");
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
