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
    /** Accounts and addresses of other servers that one address may lead to. */
    static final int MAX_TARGETS = 1_000;

    /** Addresses of other servers that one address may lead to. */
    static final int MAX_FORWARDS = 500;

    /** Aliases that may be followed for one address. */
    static final int MAX_ALIASES = 1_000;

    /** Aliases that may lead to each other in a row. */
    static final int MAX_DEPTH = 20;

    /**
     * Local parts of ours are shorter; what is longer is not looked up. RFC 5321 section 4.5.3.1.1.
     */
    static final int MAX_LOCAL_PART_OCTETS = 64;

    /** RFC 2142 section 4 and RFC 5321 section 4.5.1: an account gets their mail in any case. */
    private static final Set<String> DUTIES = Set.of("postmaster", "abuse");

    /** Names under which machines write; the admin has them until somebody else does. */
    private static final Set<String> ROLES =
            Set.of(
                    "postmaster",
                    "abuse",
                    "root",
                    "cron",
                    "daemon",
                    "mailer-daemon",
                    Directory.DMARC_REPORTS);

    private final Tables tables;
    private final Address forwardPath;
    private final Optional<ReturnPaths.Opened> opened;
    private final Map<AccountId, Route.Target> targets = new LinkedHashMap<>();
    private final Map<Address, Route.Forward> forwards = new LinkedHashMap<>();
    private final Set<AddressKey> followed = new HashSet<>();
    private final List<Explanation.Step> steps = new ArrayList<>();

    /** False for those who ask whether an address is somebody's own. */
    private boolean patterns = true;

    private boolean catchAll = true;
    private int depth;

    /** How often an account was reached, the same one counted again. */
    private int reached;

    /** True when an alias was met that is switched off. */
    private boolean off;

    Router(Tables tables, Address forwardPath) {
        this(tables, forwardPath, Optional.empty());
    }

    /**
     * @param opened what the forward-path turned out to be, when it has the form of a reverse-path
     *     that we sign
     */
    Router(Tables tables, Address forwardPath, Optional<ReturnPaths.Opened> opened) {
        this.tables = tables;
        this.forwardPath = forwardPath;
        this.opened = opened;
    }

    /** From now on only names count, neither patterns nor a catch-all. */
    Router byNameOnly() {
        patterns = false;
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
        boolean found = follow(domain.get(), forwardPath, "");
        if (!targets.isEmpty() || !forwards.isEmpty()) {
            return ours();
        }
        if (!found || off) {
            return new Route.NoSuchUser();
        }
        throw new IOException("the alias " + forwardPath + " leads to nobody");
    }

    private Route ours() {
        return new Route.Ours(List.copyOf(targets.values()), List.copyOf(forwards.values()));
    }

    /** The entry that an address finds, exactly or without its detail; empty when it is none's. */
    static Optional<AddressKey> entryKey(Tables tables, Address address) {
        Address real = tables.real(address);
        return real.domain()
                .flatMap(tables::domain)
                .flatMap(domain -> entryKey(tables, real, domain.separators()));
    }

    /** As {@link Directory#isAccountAddress}. */
    static boolean isAccountAddress(Tables tables, Address address) {
        return entryKey(tables, address)
                .filter(key -> !DUTIES.contains(key.localPart()))
                .flatMap(tables::address)
                .filter(AddressEntry.OfAccount.class::isInstance)
                .isPresent();
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
                                        .filter(key -> named(tables, key).isPresent())
                                        .findFirst());
    }

    /** Where {@code <postmaster>} goes. */
    Route postmaster() throws IOException {
        AccountId id =
                tables.postmaster()
                        .orElseThrow(() -> new IOException("this server has no postmaster yet"));
        toAccount(id, forwardPath, "");
        return ours();
    }

    /**
     * Adds what an address of ours leads to.
     *
     * @param detail of the addresses before this one
     * @return false when nobody has this address
     */
    private boolean follow(DomainEntry named, Address spelled, String detail) throws IOException {
        DomainEntry domain = named;
        Address address = spelled;
        if (named.aliasOf().isPresent()) {
            Domain real = named.aliasOf().get();
            domain = tables.domain(real).orElseThrow();
            address = new Address(spelled.localPart(), real);
            say(spelled, "domain", "has the addresses of " + real);
        }
        boolean whole = true;
        for (Split split : splits(address.localPart().text(), domain.separators())) {
            if (atEntry(domain, address, split.orDetail(detail))) {
                return true;
            }
            if (whole && spelled.equals(forwardPath) && opened.isPresent()) {
                return atReturn(opened.get());
            }
            whole = false;
        }
        return atPattern(domain, address, detail) || atCatchAll(domain, address, detail);
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

    /** The entry of a name; a pattern is no name. */
    private static Optional<AddressEntry> named(Tables tables, AddressKey key) {
        return tables.address(key)
                .filter(
                        entry ->
                                !(entry instanceof AddressEntry.Alias alias)
                                        || !AliasPattern.isPattern(alias.address().localPart()));
    }

    private boolean atEntry(DomainEntry domain, Address address, Split split) throws IOException {
        AddressKey key = new AddressKey(domain.domain(), Unicode.lookupKey(split.name));
        Optional<AddressEntry> entry = named(tables, key);
        boolean role = ROLES.contains(key.localPart());
        if (entry.isEmpty() && !role) {
            return false;
        }
        int before = reached;
        int forwardsBefore = forwards.size();
        boolean cut = false;
        if (entry.isPresent()) {
            switch (entry.get()) {
                case AddressEntry.OfAccount(Address own, AccountId id) -> {
                    say(address, "account", "the account " + own);
                    toAccount(id, own, split.detailText());
                }
                case AddressEntry.Alias alias ->
                        cut = !atAlias(key, alias, split.detailText(), Optional.empty());
            }
        }
        boolean duty = DUTIES.contains(key.localPart());
        boolean nobody = reached == before && (duty || forwards.size() == forwardsBefore);
        if (role && nobody && !cut) {
            atRole(domain.domain(), address, split.detailText());
        }
        return true;
    }

    /** A reverse-path that we made is on its way home. */
    private boolean atReturn(ReturnPaths.Opened path) throws IOException {
        say(forwardPath, path.rule(), path.outcome());
        if (path.original().isEmpty()) {
            return false;
        }
        Address original = path.original().get();
        Optional<DomainEntry> domain = original.domain().flatMap(tables::domain);
        if (domain.isEmpty()) {
            forward(original, forwardPath.domain().orElseThrow(), Route.Reason.RETURN);
            return true;
        }
        catchAll = false;
        return follow(domain.get(), original, "");
    }

    private boolean atPattern(DomainEntry domain, Address address, String detail)
            throws IOException {
        if (!patterns || address.localPart().text().length() > MAX_LOCAL_PART_OCTETS) {
            return false;
        }
        for (Tables.PatternAlias it : tables.patterns(domain.domain())) {
            Optional<AliasPattern.Match> match =
                    it.alias().enabled()
                            ? it.pattern().match(address.localPart())
                            : Optional.empty();
            if (match.isPresent()) {
                say(address, "pattern", "fits " + AliasPattern.show(it.alias().address()));
                atAlias(it.key(), it.alias(), detail, match);
                return true;
            }
        }
        return false;
    }

    /** False when the alias was followed before: a loop, or a second way to the same place. */
    private boolean atAlias(
            AddressKey key,
            AddressEntry.Alias alias,
            String detail,
            Optional<AliasPattern.Match> match)
            throws IOException {
        if (!alias.enabled()) {
            say(alias.address(), "alias", "switched off");
            off = true;
            return true;
        }
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
            Optional<Address> filled =
                    match.isEmpty() ? Optional.of(target) : match.get().fill(target);
            if (filled.isEmpty() || !to(filled.get(), key.domain(), detail)) {
                say(filled.orElse(target), "alias", "nobody there");
            }
        }
        depth--;
        return true;
    }

    /** What an alias or a catch-all of this domain leads to, here or elsewhere. */
    private boolean to(Address target, Domain by, String detail) throws IOException {
        Optional<DomainEntry> domain = target.domain().flatMap(tables::domain);
        if (domain.isPresent()) {
            return follow(domain.get(), target, detail);
        }
        forward(target, by, Route.Reason.ALIAS);
        return true;
    }

    private void forward(Address to, Domain by, Route.Reason reason) throws IOException {
        say(to, "forward", "at another server");
        forwards.putIfAbsent(to, new Route.Forward(to, by, reason));
        bound();
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
        if (target.isEmpty()) {
            say(address, "domain", "nobody has this address");
            return false;
        }
        catchAll = false; // A catch-all that is nobody's address would catch itself.
        say(address, "catch-all", "goes to " + target.get());
        boolean found = to(target.get(), domain.domain(), detail);
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
        bound();
    }

    /** The queue takes no more recipients of one message than one address may lead to. */
    private void bound() throws IOException {
        if (targets.size() + forwards.size() > MAX_TARGETS || forwards.size() > MAX_FORWARDS) {
            throw new IOException(
                    "%s leads to more than %d addresses, or %d of other servers"
                            .formatted(forwardPath, MAX_TARGETS, MAX_FORWARDS));
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
