package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Changes to domains, accounts and aliases. Each is decided and written at one moment, is in effect
 * when the method returns, and either is done or leaves everything as it was.
 *
 * <p>What always holds: no address means two things; what an alias leads to exists; postmaster and
 * abuse of each domain reach an account as long as there is one.
 *
 * <p>Safe for use by any thread. IOException: the store cannot tell or keep it now.
 */
public final class DirectoryEditor {
    /** Targets of one alias. */
    public static final int MAX_TARGETS = 500;

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
                        return noAccount(account);
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
                    for (Address target : targetsIn(tables, domain)) {
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
                            target.flatMap(it -> wrongTarget(tables, it));
                    return wrong.isPresent()
                            ? wrong.get()
                            : put(tables, entry.withCatchAll(target), changes);
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
        Optional<Outcome<Account>> wrong = wrongNewAddress(tables, address);
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
                    Optional<Outcome<Account>> used = usedBy(tables, address);
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
                                        .filter(it -> isIn(domain, it.address()))
                                        .toList());
        return found.stream().sorted(Comparator.comparing(it -> sortKey(it.address()))).toList();
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

    // Aliases.

    /** Adds an alias. What it leads to must exist here. */
    public Outcome<AliasInfo> addAlias(Address address, List<Address> targets) throws IOException {
        if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
            return refused(
                    Outcome.Problem.INVALID,
                    "an alias leads to 1 to " + MAX_TARGETS + " addresses");
        }
        return directory.change(
                (tables, changes) -> {
                    Optional<Outcome<AliasInfo>> wrong =
                            DirectoryEditor.<AliasInfo>wrongNewAddress(tables, address)
                                    .or(
                                            () ->
                                                    targets.stream()
                                                            .map(
                                                                    it ->
                                                                            DirectoryEditor
                                                                                    .<AliasInfo>
                                                                                            wrongTarget(
                                                                                                    tables,
                                                                                                    it))
                                                            .flatMap(Optional::stream)
                                                            .findFirst());
                    if (wrong.isPresent()) {
                        return wrong.get();
                    }
                    changes.accept(new Change.PutAddress(new AddressEntry.Alias(address, targets)));
                    return Outcome.done(new AliasInfo(address, targets));
                });
    }

    /** Removes an alias that no other alias and no catch-all leads to. */
    public Outcome<AliasInfo> removeAlias(Address address) throws IOException {
        return directory.change(
                (tables, changes) -> {
                    Optional<AddressKey> key = AddressKey.of(address);
                    if (!(key.flatMap(tables::address).orElse(null)
                            instanceof
                            AddressEntry.Alias(Address spelled, List<Address> targets))) {
                        return refused(Outcome.Problem.NOT_FOUND, "there is no alias " + address);
                    }
                    Optional<Outcome<AliasInfo>> used = usedBy(tables, address);
                    if (used.isPresent()) {
                        return used.get();
                    }
                    changes.accept(new Change.DropAddress(key.orElseThrow()));
                    return Outcome.done(new AliasInfo(spelled, targets));
                });
    }

    /** All aliases, or those of one domain, in the order of their addresses. */
    public List<AliasInfo> aliases(Optional<Domain> domain) throws IOException {
        List<AliasInfo> found =
                directory.read(
                        tables ->
                                tables.addresses().stream()
                                        .filter(it -> isIn(domain, it.address()))
                                        .filter(AddressEntry.Alias.class::isInstance)
                                        .map(AddressEntry.Alias.class::cast)
                                        .map(it -> new AliasInfo(it.address(), it.targets()))
                                        .toList());
        return found.stream().sorted(Comparator.comparing(it -> sortKey(it.address()))).toList();
    }

    private static boolean isIn(Optional<Domain> domain, Address address) {
        return domain.isEmpty() || address.domain().equals(domain);
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
                            : noDomain(domain);
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
                            : noAccount(address);
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
                counts.accounts(),
                counts.aliases());
    }

    /** What stands against adding an address, if anything. */
    private static <T> Optional<Outcome<T>> wrongNewAddress(Tables tables, Address address) {
        Optional<AddressKey> key = AddressKey.of(address);
        if (key.isEmpty()) {
            return Optional.of(
                    refused(Outcome.Problem.INVALID, address + " has no domain name behind the @"));
        }
        if (tables.domain(key.get().domain()).isEmpty()) {
            return Optional.of(noDomain(key.get().domain()));
        }
        int octets = address.localPart().text().getBytes(StandardCharsets.UTF_8).length;
        if (octets == 0 || octets > Router.MAX_LOCAL_PART_OCTETS) {
            return Optional.of(
                    refused(
                            Outcome.Problem.INVALID,
                            "the part before the @ must have 1 to "
                                    + Router.MAX_LOCAL_PART_OCTETS
                                    + " octets"));
        }
        return tables.address(key.get())
                .map(
                        entry ->
                                switch (entry) {
                                    case AddressEntry.OfAccount(Address spelled, AccountId _) ->
                                            refused(
                                                    Outcome.Problem.EXISTS,
                                                    "there is an account " + spelled + " already");
                                    case AddressEntry.Alias(Address spelled, List<Address> _) ->
                                            refused(
                                                    Outcome.Problem.EXISTS,
                                                    "there is an alias "
                                                            + spelled
                                                            + " already; remove it first: mansio"
                                                            + " alias remove "
                                                            + spelled);
                                });
    }

    /** What stands against an alias or a catch-all that leads to this address, if anything. */
    private static <T> Optional<Outcome<T>> wrongTarget(Tables tables, Address target) {
        try {
            return switch (new Router(tables, target).withoutCatchAll().oneDeeper().route()) {
                case Route.Local _ -> Optional.empty();
                case Route.NoSuchUser _ ->
                        Optional.of(
                                refused(
                                        Outcome.Problem.NOT_FOUND,
                                        "nobody here has the address "
                                                + target
                                                + "; add it first"));
                case Route.Remote _ ->
                        Optional.of(
                                refused(
                                        Outcome.Problem.UNSUPPORTED,
                                        target
                                                + " is at another server: mail cannot be forwarded"
                                                + " there yet, because sending to other servers is"
                                                + " not built yet"));
            };
        } catch (IOException e) {
            return Optional.of(refused(Outcome.Problem.INVALID, String.valueOf(e.getMessage())));
        }
    }

    /** Who needs this address as a target, if anybody. */
    private static <T> Optional<Outcome<T>> usedBy(Tables tables, Address address) {
        Optional<AddressKey> key = AddressKey.of(address);
        for (AddressEntry entry : tables.addresses()) {
            if (entry instanceof AddressEntry.Alias(Address alias, List<Address> targets)
                    && targets.stream().anyMatch(it -> sameMailbox(tables, it, key))) {
                return Optional.of(
                        refused(
                                Outcome.Problem.IN_USE,
                                "the alias "
                                        + alias
                                        + " leads to "
                                        + address
                                        + "; remove it first"));
            }
        }
        return tables.domains().stream()
                .filter(it -> it.catchAll().filter(to -> sameMailbox(tables, to, key)).isPresent())
                .map(
                        it ->
                                DirectoryEditor.<T>refused(
                                        Outcome.Problem.IN_USE,
                                        address
                                                + " is the catch-all of "
                                                + it.domain()
                                                + "; change that first"))
                .findFirst();
    }

    /** What aliases and catch-alls of all domains lead to in this one. */
    private static List<Address> targetsIn(Tables tables, Domain domain) {
        Stream<Address> aliased =
                tables.addresses().stream()
                        .filter(AddressEntry.Alias.class::isInstance)
                        .flatMap(it -> ((AddressEntry.Alias) it).targets().stream());
        Stream<Address> caught =
                tables.domains().stream().map(DomainEntry::catchAll).flatMap(Optional::stream);
        return Stream.concat(aliased, caught).filter(it -> it.host().equals(domain)).toList();
    }

    /** True when the target's own entry, its subaddress detail left out, is that of the key. */
    private static boolean sameMailbox(Tables tables, Address target, Optional<AddressKey> key) {
        return Router.entryKey(tables, target).equals(key);
    }

    private static String sortKey(Address address) {
        return address.host().text() + "\0" + address.localPart().text();
    }

    private static <T> Outcome<T> noDomain(Domain domain) {
        return refused(
                Outcome.Problem.NOT_FOUND,
                domain
                        + " is not a domain of this server; add it first: mansio domain add "
                        + domain);
    }

    private static <T> Outcome<T> noAccount(Address address) {
        return refused(Outcome.Problem.NOT_FOUND, "there is no account " + address);
    }

    private static <T> Outcome<T> refused(Outcome.Problem problem, String sentence) {
        return Outcome.refused(problem, sentence);
    }
}
