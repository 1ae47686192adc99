package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.Unicode;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One question where mail for an address goes. Made for one question, used by one thread while the
 * tables do not change.
 */
final class Router {
    /** Accounts that one address may lead to. */
    static final int MAX_TARGETS = 1_000;

    /** Aliases that may be followed for one address. */
    static final int MAX_ALIASES = 1_000;

    /** Aliases that may lead to each other in a row. */
    static final int MAX_DEPTH = 20;

    /**
     * Local parts of ours are shorter; what is longer is not looked up. RFC 5321 section 4.5.3.1.1.
     */
    static final int MAX_LOCAL_PART_OCTETS = 64;

    /** RFC 2142 section 4 and RFC 5321 section 4.5.1. */
    private static final Set<String> ROLES = Set.of("postmaster", "abuse");

    private final Tables tables;
    private final Address forwardPath;
    private final Map<AccountId, Route.Target> targets = new LinkedHashMap<>();
    private final Set<AddressKey> followed = new HashSet<>();
    private final List<Explanation.Step> steps = new ArrayList<>();
    private boolean catchAll = true;
    private int depth;

    /** How often an account was reached, the same one counted again. */
    private int reached;

    Router(Tables tables, Address forwardPath) {
        this.tables = tables;
        this.forwardPath = forwardPath;
    }

    /** From now on no catch-all is asked. */
    Router withoutCatchAll() {
        catchAll = false;
        return this;
    }

    /** From now on it counts as one alias deep. */
    Router oneDeeper() {
        depth++;
        return this;
    }

    /** What was found along the way, for people. */
    List<Explanation.Step> steps() {
        return steps;
    }

    Route route() throws IOException {
        Optional<DomainEntry> domain = forwardPath.domain().flatMap(tables::domain);
        if (domain.isEmpty()) {
            say(forwardPath, "domain", "not one of ours");
            return new Route.Remote(forwardPath);
        }
        if (!follow(domain.get(), forwardPath, "")) {
            return new Route.NoSuchUser();
        }
        if (targets.isEmpty()) {
            throw new IOException("the alias " + forwardPath + " leads to no account");
        }
        return new Route.Local(List.copyOf(targets.values()));
    }

    /** The entry that an address finds, exactly or without its detail; empty when it is none's. */
    static Optional<AddressKey> entryKey(Tables tables, Address address) {
        return address.domain()
                .flatMap(tables::domain)
                .flatMap(domain -> entryKey(tables, address, domain.separators()));
    }

    /** As {@link #entryKey(Tables, Address)}, if its domain had these separators. */
    static Optional<AddressKey> entryKey(Tables tables, Address address, String separators) {
        return address.domain()
                .flatMap(
                        domain ->
                                splits(address.localPart().text(), separators).stream()
                                        .map(
                                                it ->
                                                        new AddressKey(
                                                                domain, Unicode.lookupKey(it.name)))
                                        .filter(key -> tables.address(key).isPresent())
                                        .findFirst());
    }

    /** Where {@code <postmaster>} goes. */
    Route postmaster() throws IOException {
        AccountId id =
                tables.postmaster()
                        .orElseThrow(() -> new IOException("this server has no postmaster yet"));
        toAccount(id, forwardPath, "");
        return new Route.Local(List.copyOf(targets.values()));
    }

    /**
     * Adds what an address of ours leads to.
     *
     * @param detail of the addresses before this one
     * @return false when nobody has this address
     */
    private boolean follow(DomainEntry domain, Address address, String detail) throws IOException {
        for (Split split : splits(address.localPart().text(), domain.separators())) {
            if (atEntry(domain, address, split.orDetail(detail))) {
                return true;
            }
        }
        return atCatchAll(domain, address, detail);
    }

    /**
     * A local part taken apart.
     *
     * @param detail empty for the whole local part, without a detail
     */
    private record Split(String name, Optional<String> detail) {
        /** With this detail where it has none of its own. */
        Split orDetail(String other) {
            return detail.isPresent() ? this : new Split(name, Optional.of(other));
        }

        String detailText() {
            return detail.orElse("");
        }
    }

    /**
     * The names to ask for: the whole local part, then shorter ones. The longest comes first: with
     * "-" as a separator anna-maria is asked before anna.
     */
    private static List<Split> splits(String local, String separators) {
        List<Split> splits = new ArrayList<>(2);
        if (local.length() <= MAX_LOCAL_PART_OCTETS) {
            splits.add(new Split(local, Optional.empty()));
        }
        for (int i = Math.min(local.length() - 1, MAX_LOCAL_PART_OCTETS); i > 0; i--) {
            if (separators.indexOf(local.charAt(i)) >= 0) {
                splits.add(new Split(local.substring(0, i), Optional.of(local.substring(i + 1))));
            }
        }
        return splits;
    }

    private boolean atEntry(DomainEntry domain, Address address, Split split) throws IOException {
        AddressKey key = new AddressKey(domain.domain(), Unicode.lookupKey(split.name));
        Optional<AddressEntry> entry = tables.address(key);
        boolean role = ROLES.contains(key.localPart());
        if (entry.isEmpty() && !role) {
            return false;
        }
        int before = reached;
        boolean cut = false;
        if (entry.isPresent()) {
            switch (entry.get()) {
                case AddressEntry.OfAccount(Address own, AccountId id) -> {
                    say(address, "account", "the account " + own);
                    toAccount(id, own, split.detailText());
                }
                case AddressEntry.Alias alias -> cut = !atAlias(key, alias, split.detailText());
            }
        }
        if (role && reached == before && !cut) {
            atRole(domain.domain(), address, split.detailText());
        }
        return true;
    }

    /** False when the alias was followed before: a loop, or a second way to the same place. */
    private boolean atAlias(AddressKey key, AddressEntry.Alias alias, String detail)
            throws IOException {
        if (!followed.add(key)) {
            say(alias.address(), "alias", "followed already");
            return false;
        }
        if (++depth > MAX_DEPTH) {
            throw new IOException(
                    forwardPath + " leads through more than " + MAX_DEPTH + " aliases in a row");
        }
        if (followed.size() > MAX_ALIASES) {
            throw new IOException(
                    forwardPath + " leads through more than " + MAX_ALIASES + " aliases");
        }
        say(alias.address(), "alias", "leads to " + listed(alias.targets()));
        for (Address target : alias.targets()) {
            Optional<DomainEntry> domain = target.domain().flatMap(tables::domain);
            if (domain.isEmpty() || !follow(domain.get(), target, detail)) {
                say(target, "alias", "nobody there");
            }
        }
        depth--;
        return true;
    }

    private void atRole(Domain domain, Address address, String detail) throws IOException {
        AccountId id =
                tables.postmaster(domain)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "there is no account yet that gets mail for "
                                                        + address));
        say(address, "role", "the domain's admin");
        toAccount(id, address, detail);
    }

    private boolean atCatchAll(DomainEntry domain, Address address, String detail)
            throws IOException {
        Optional<Address> target = domain.catchAll().filter(_ -> catchAll);
        Optional<DomainEntry> there = target.flatMap(Address::domain).flatMap(tables::domain);
        if (target.isEmpty() || there.isEmpty()) {
            say(address, "domain", "nobody has this address");
            return false;
        }
        catchAll = false; // A catch-all that is nobody's address would catch itself.
        say(address, "catch-all", "goes to " + target.get());
        boolean found = follow(there.get(), target.get(), detail);
        catchAll = true;
        return found;
    }

    private void toAccount(AccountId id, Address finalAddress, String detail) throws IOException {
        if (tables.account(id).isEmpty()) {
            throw new IllegalStateException(
                    "address " + finalAddress + " of the missing account " + id);
        }
        reached++;
        targets.putIfAbsent(id, new Route.Target(id, forwardPath, finalAddress, detail));
        if (targets.size() > MAX_TARGETS) {
            throw new IOException(forwardPath + " leads to more than " + MAX_TARGETS + " accounts");
        }
    }

    private void say(Address address, String rule, String outcome) {
        steps.add(new Explanation.Step(address, rule, outcome));
    }

    private static String listed(List<Address> addresses) {
        int shown = Math.min(addresses.size(), 5);
        String text =
                String.join(
                        ", ", addresses.subList(0, shown).stream().map(Address::toString).toList());
        return addresses.size() > shown
                ? text + " and " + (addresses.size() - shown) + " more"
                : text;
    }
}
