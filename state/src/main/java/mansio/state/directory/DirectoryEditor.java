package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Changes to domains and accounts; {@link AliasEditor} has the aliases. Each is decided and written
 * at one moment, is in effect when the method returns, and either is done or leaves everything as
 * it was.
 *
 * <p>What always holds: no address means two things; what an alias leads to exists; postmaster and
 * abuse of each domain reach an account as long as there is one.
 *
 * <p>Safe for use by any thread. IOException: the store cannot tell or keep it now.
 */
public final class DirectoryEditor {
    private static final int MAX_SEPARATORS = 8;

    private final StoredDirectory directory;
    private final PasswordMaker passwords;
    private final Time time;
    private final RandomGenerator random;

    /**
     * @param random makes account ids: a {@code SecureRandom} outside of tests
     */
    public DirectoryEditor(
            StoredDirectory directory, PasswordMaker passwords, Time time, RandomGenerator random) {
        this.directory = directory;
        this.passwords = passwords;
        this.time = time;
        this.random = random;
    }

    // Domains.

    /** Adds a domain. It has no admin until its first account. */
    public Outcome<DomainInfo> addDomain(Domain domain) throws IOException {
        return directory.change(
                (tables, changes) -> {
                    if (tables.domain(domain).isPresent()) {
                        return refused(
                                Outcome.Problem.EXISTS,
                                "the domain " + domain + " is here already");
                    }
                    DomainEntry entry =
                            new DomainEntry(
                                    domain,
                                    Optional.empty(),
                                    DomainEntry.DEFAULT_SEPARATORS,
                                    Optional.empty(),
                                    Optional.empty(),
                                    time.now());
                    changes.accept(new Change.PutDomain(entry));
                    return Outcome.done(info(tables, entry));
                });
    }

    /** Removes a domain that has no accounts and aliases left. */
    public Outcome<DomainInfo> removeDomain(Domain domain) throws IOException {
        return withDomain(
                domain,
                (tables, entry, changes) -> {
                    DomainInfo info = info(tables, entry);
                    if (info.accounts() + info.aliases() > 0) {
                        return refused(
                                Outcome.Problem.IN_USE,
                                "%s still has %d accounts and %d aliases; remove those first"
                                        .formatted(domain, info.accounts(), info.aliases()));
                    }
                    Optional<Outcome<DomainInfo>> shared = Rules.sharedBy(tables, domain);
                    if (shared.isPresent()) {
                        return shared.get();
                    }
                    changes.accept(new Change.DropDomain(domain));
                    return Outcome.done(info);
                });
    }

    /** All domains, in the order of their names. */
    public List<DomainInfo> domains() throws IOException {
        return directory.read(
                tables -> tables.domains().stream().map(entry -> info(tables, entry)).toList());
    }

    /** One domain. */
    public Outcome<DomainInfo> domain(Domain domain) throws IOException {
        return withDomain(domain, (tables, entry, _) -> Outcome.done(info(tables, entry)));
    }

    /** Says which account gets mail for postmaster and abuse of the domain. */
    public Outcome<DomainInfo> setAdmin(Domain domain, Address account) throws IOException {
        return withDomain(
                domain,
                (tables, entry, changes) -> {
                    Optional<AccountEntry> admin = tables.accountOf(account);
                    if (admin.isEmpty()) {
                        return Rules.noAccount(account);
                    }
                    return put(tables, entry.withAdmin(admin.map(AccountEntry::id)), changes);
                });
    }

    /**
     * Says which characters part a local part from its subaddress detail.
     *
     * @param separators each character is one: ASCII, no letter, digit, dot, quote or space; empty
     *     for none
     */
    public Outcome<DomainInfo> setSeparators(Domain domain, String separators) throws IOException {
        boolean fit =
                separators.length() <= MAX_SEPARATORS
                        && separators
                                .chars()
                                .allMatch(
                                        c ->
                                                Ascii.isAtext((char) c)
                                                        && !Ascii.isLetter((char) c)
                                                        && !Ascii.isDigit((char) c));
        if (!fit) {
            return refused(
                    Outcome.Problem.INVALID,
                    "separators are at most "
                            + MAX_SEPARATORS
                            + " of the characters + - _ = # and such, without spaces between them");
        }
        return withDomain(
                domain,
                (tables, entry, changes) -> {
                    for (Address target : Rules.targetsIn(tables, domain)) {
                        if (Router.entryKey(tables, target).isPresent()
                                && Router.entryKey(tables, target, separators).isEmpty()) {
                            return refused(
                                    Outcome.Problem.IN_USE,
                                    "an alias or a catch-all leads to "
                                            + target
                                            + "; change that first");
                        }
                    }
                    return put(tables, entry.withSeparators(separators), changes);
                });
    }

    /** Says who gets what nobody else of the domain gets; empty for nobody. */
    public Outcome<DomainInfo> setCatchAll(Domain domain, Optional<Address> target)
            throws IOException {
        return withDomain(
                domain,
                (tables, entry, changes) -> {
                    Optional<Outcome<DomainInfo>> wrong =
                            target.flatMap(it -> Rules.wrongTarget(tables, it));
                    return wrong.isPresent()
                            ? wrong.get()
                            : put(tables, entry.withCatchAll(target), changes);
                });
    }

    /**
     * Gives a domain without addresses those of another domain of ours; with empty, none.
     *
     * @param other has addresses of its own
     */
    public Outcome<DomainInfo> setAliasOf(Domain domain, Optional<Domain> other)
            throws IOException {
        return withDomain(
                domain,
                (tables, entry, changes) -> {
                    Optional<Outcome<DomainInfo>> wrong =
                            other.flatMap(it -> Rules.wrongAliasOf(tables, entry, it));
                    return wrong.isPresent()
                            ? wrong.get()
                            : put(tables, entry.withAliasOf(other), changes);
                });
    }

    // Accounts.

    /**
     * Adds an account. The first one of a domain becomes its admin.
     *
     * @param password empty for an account that nobody can log in to yet
     */
    public Outcome<Account> addAccount(Address address, Optional<String> password)
            throws IOException {
        Outcome<Credentials> made =
                password.isEmpty()
                        ? Outcome.done(new Credentials(1, Optional.empty(), Optional.empty()))
                        : passwords.make(password.get(), 1);
        return switch (made) {
            case Outcome.Refused<Credentials>(Outcome.Problem problem, String sentence) ->
                    refused(problem, sentence);
            case Outcome.Done<Credentials>(Credentials credentials) ->
                    directory.change(
                            (tables, changes) -> add(tables, address, credentials, changes));
        };
    }

    /** The decision of {@link #addAccount}, also for imports that add many at once. */
    Outcome<Account> add(
            Tables tables, Address address, Credentials credentials, Consumer<Change> changes) {
        Optional<Outcome<Account>> wrong = Rules.wrongNewAddress(tables, address);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        AccountId id = newId(tables);
        Account account =
                new Account(
                        id, address, true, OptionalLong.empty(), credentials.version(), time.now());
        changes.accept(new Change.PutCredentials(id, credentials));
        changes.accept(
                new Change.PutAccount(
                        new AccountEntry(account, AccountEntry.Secret.of(credentials))));
        changes.accept(new Change.PutAddress(new AddressEntry.OfAccount(address, id)));
        DomainEntry domain = tables.domain(address.domain().orElseThrow()).orElseThrow();
        if (domain.admin().filter(it -> tables.account(it).isPresent()).isEmpty()) {
            changes.accept(new Change.PutDomain(domain.withAdmin(Optional.of(id))));
        }
        return Outcome.done(account);
    }

    private AccountId newId(Tables tables) {
        while (true) {
            AccountId id = new AccountId(random.nextLong());
            if (id.value() != 0 && tables.account(id).isEmpty()) {
                return id;
            }
        }
    }

    /**
     * Removes an account; its mail is for the caller to erase. Refused while aliases lead to it or
     * a domain needs it for postmaster, unless it is the last account of all.
     */
    public Outcome<Account> removeAccount(Address address) throws IOException {
        return withAccount(
                address,
                (tables, entry, changes) -> {
                    Optional<Outcome<Account>> used = Rules.usedBy(tables, address);
                    if (used.isPresent()) {
                        return used.get();
                    }
                    List<DomainEntry> administered =
                            tables.domains().stream()
                                    .filter(it -> it.admin().equals(Optional.of(entry.id())))
                                    .toList();
                    if (!administered.isEmpty() && tables.accounts().size() > 1) {
                        Domain domain = administered.getFirst().domain();
                        return refused(
                                Outcome.Problem.IN_USE,
                                ("%s gets the mail for postmaster@%s; say first who gets it then:"
                                                + " mansio domain admin %s ADDRESS")
                                        .formatted(address, domain, domain));
                    }
                    administered.forEach(
                            it ->
                                    changes.accept(
                                            new Change.PutDomain(it.withAdmin(Optional.empty()))));
                    changes.accept(new Change.DropAddress(AddressKey.of(address).orElseThrow()));
                    changes.accept(new Change.DropCredentials(entry.id()));
                    changes.accept(new Change.PutErasure(entry.id()));
                    changes.accept(new Change.DropAccount(entry.id()));
                    return Outcome.done(entry.account());
                });
    }

    /** All accounts, or those of one domain, in the order of their addresses. */
    public List<Account> accounts(Optional<Domain> domain) throws IOException {
        List<Account> found =
                directory.read(
                        tables ->
                                tables.accounts().stream()
                                        .map(AccountEntry::account)
                                        .filter(it -> Rules.isIn(domain, it.address()))
                                        .toList());
        return found.stream()
                .sorted(Comparator.comparing(it -> Rules.sortKey(it.address())))
                .toList();
    }

    /** One account by its address. */
    public Outcome<Account> account(Address address) throws IOException {
        return withAccount(address, (_, entry, _) -> Outcome.done(entry.account()));
    }

    /** Sets a new password. Sessions that began with the old one end. */
    public Outcome<Account> setPassword(Address address, String password) throws IOException {
        return switch (passwords.make(password, 0)) {
            case Outcome.Refused<Credentials>(Outcome.Problem problem, String sentence) ->
                    refused(problem, sentence);
            case Outcome.Done<Credentials>(Credentials made) ->
                    withAccount(
                            address,
                            (_, entry, changes) -> {
                                long version = entry.account().credentialVersion() + 1;
                                Credentials credentials =
                                        new Credentials(version, made.password(), made.scram());
                                AccountEntry changed = entry.withCredentials(credentials);
                                changes.accept(new Change.PutCredentials(entry.id(), credentials));
                                changes.accept(new Change.PutAccount(changed));
                                return Outcome.done(changed.account());
                            });
        };
    }

    /**
     * Lets its owner log in or not. Mail for it is received either way. Sessions end when it is
     * disabled.
     */
    public Outcome<Account> setEnabled(Address address, boolean enabled) throws IOException {
        return withAccount(
                address,
                (tables, entry, changes) -> {
                    if (entry.account().enabled() == enabled) {
                        return Outcome.done(entry.account());
                    }
                    long version = entry.account().credentialVersion() + 1;
                    AccountEntry changed = entry.withEnabled(enabled, version);
                    directory
                            .credentials(entry.id())
                            .map(it -> new Credentials(version, it.password(), it.scram()))
                            .map(it -> new Change.PutCredentials(entry.id(), it))
                            .ifPresent(changes);
                    changes.accept(new Change.PutAccount(changed));
                    return Outcome.done(changed.account());
                });
    }

    /** Limits the mail of an account; empty for the server's default. */
    public Outcome<Account> setQuota(Address address, OptionalLong quotaBytes) throws IOException {
        if (quotaBytes.isPresent() && quotaBytes.getAsLong() < 0) {
            return refused(Outcome.Problem.INVALID, "a quota is a number of bytes, not below zero");
        }
        return withAccount(
                address,
                (_, entry, changes) -> {
                    AccountEntry changed = entry.withQuota(quotaBytes);
                    changes.accept(new Change.PutAccount(changed));
                    return Outcome.done(changed.account());
                });
    }

    // What all of them need.

    @FunctionalInterface
    private interface DomainDecision {
        Outcome<DomainInfo> decide(Tables tables, DomainEntry entry, Consumer<Change> changes)
                throws IOException;
    }

    private Outcome<DomainInfo> withDomain(Domain domain, DomainDecision decision)
            throws IOException {
        return directory.change(
                (tables, changes) -> {
                    Optional<DomainEntry> entry = tables.domain(domain);
                    return entry.isPresent()
                            ? decision.decide(tables, entry.get(), changes)
                            : Rules.noDomain(domain);
                });
    }

    @FunctionalInterface
    private interface AccountDecision {
        Outcome<Account> decide(Tables tables, AccountEntry entry, Consumer<Change> changes)
                throws IOException;
    }

    private Outcome<Account> withAccount(Address address, AccountDecision decision)
            throws IOException {
        return directory.change(
                (tables, changes) -> {
                    Optional<AccountEntry> entry = tables.accountOf(address);
                    return entry.isPresent()
                            ? decision.decide(tables, entry.get(), changes)
                            : Rules.noAccount(address);
                });
    }

    private static Outcome<DomainInfo> put(
            Tables tables, DomainEntry entry, Consumer<Change> changes) {
        changes.accept(new Change.PutDomain(entry));
        return Outcome.done(info(tables, entry));
    }

    private static DomainInfo info(Tables tables, DomainEntry entry) {
        Tables.Counts counts = tables.counts(entry.domain());
        Optional<Address> admin =
                entry.admin().flatMap(tables::account).map(it -> it.account().address());
        return new DomainInfo(
                entry.domain(),
                admin,
                entry.separators(),
                entry.catchAll(),
                entry.aliasOf(),
                counts.accounts(),
                counts.aliases());
    }

    private static <T> Outcome<T> refused(Outcome.Problem problem, String sentence) {
        return Outcome.refused(problem, sentence);
    }
}
