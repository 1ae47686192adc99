package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.Unicode;
import mansio.state.store.AccountId;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The directory in memory: about 600 bytes an account, no secrets. {@link StoredDirectory} guards
 * it with its lock; every method wants that held.
 */
final class Tables {
    private final Map<Domain, DomainEntry> domains =
            new TreeMap<>(Comparator.comparing(Domain::text));
    private final Map<AddressKey, AddressEntry> addresses = new HashMap<>();
    private final Map<AccountId, AccountEntry> accounts = new HashMap<>();

    /** Who could mean a log-in name without a domain, by folded local part. */
    private final Map<String, List<AccountId>> byLocalPart = new HashMap<>();

    /** Aliases with patterns, in the order in which they are asked. */
    private final Map<Domain, List<PatternAlias>> patterns = new HashMap<>();

    private final Map<Domain, Counts> counts = new HashMap<>();

    private int enabled;
    private int enabledWithScram;

    /** As they stand now, for trying changes out. */
    Tables copy() {
        Tables copy = new Tables();
        domains.values().forEach(it -> copy.apply(new Change.PutDomain(it)));
        accounts.values().forEach(it -> copy.apply(new Change.PutAccount(it)));
        addresses.values().forEach(it -> copy.apply(new Change.PutAddress(it)));
        return copy;
    }

    Optional<DomainEntry> domain(Domain domain) {
        return Optional.ofNullable(domains.get(domain));
    }

    /** An alias for all that fits a pattern. */
    record PatternAlias(AddressKey key, AddressEntry.Alias alias, AliasPattern pattern) {}

    /** The aliases of a domain that have patterns, in the order in which they are asked. */
    List<PatternAlias> patterns(Domain domain) {
        return patterns.getOrDefault(domain, List.of());
    }

    /** The domain that has the addresses of this one: itself, unless it is another name of it. */
    Domain real(Domain domain) {
        return domain(domain).flatMap(DomainEntry::aliasOf).orElse(domain);
    }

    /** The address in the domain that has it. */
    Address real(Address address) {
        return address.domain()
                .map(this::real)
                .map(domain -> new Address(address.localPart(), domain))
                .orElse(address);
    }

    Optional<AddressEntry> address(AddressKey key) {
        return Optional.ofNullable(addresses.get(key));
    }

    Optional<AccountEntry> account(AccountId id) {
        return Optional.ofNullable(accounts.get(id));
    }

    /** In the order of their names. */
    Collection<DomainEntry> domains() {
        return domains.values();
    }

    Collection<AddressEntry> addresses() {
        return addresses.values();
    }

    Collection<AccountEntry> accounts() {
        return accounts.values();
    }

    /** The account whose own address this is. */
    Optional<AccountEntry> accountOf(Address address) {
        return AddressKey.of(real(address)).flatMap(this::accountOf);
    }

    private Optional<AccountEntry> accountOf(AddressKey key) {
        return addresses.get(key) instanceof AddressEntry.OfAccount(Address _, AccountId id)
                ? account(id)
                : Optional.empty();
    }

    /**
     * Under which name failed log-ins are counted. It is found in the same way whether or not there
     * is such an account: else a lock that follows a short name to an address would tell that there
     * is. So it follows only where there is no choice, with a single domain.
     */
    String countedName(String loginName) {
        String full = loginName;
        List<Domain> whole =
                domains.values().stream()
                        .filter(entry -> entry.aliasOf().isEmpty())
                        .map(DomainEntry::domain)
                        .limit(2)
                        .toList();
        if (loginName.indexOf('@') < 0 && whole.size() == 1) full += "@" + whole.getFirst().text();
        return Address.tryParse(full)
                .flatMap(address -> AddressKey.of(real(address)))
                .map(key -> key.localPart() + "@" + key.domain().text())
                .orElseGet(() -> Unicode.lookupKey(loginName));
    }

    /**
     * Who logs in by this name: an own address, or a local part that only one of our domains has.
     */
    Optional<AccountEntry> login(String name) {
        if (name.indexOf('@') >= 0) {
            return Address.tryParse(name).flatMap(this::accountOf);
        }
        List<AccountId> meant = byLocalPart.getOrDefault(Unicode.lookupKey(name), List.of());
        return meant.size() == 1 ? account(meant.getFirst()) : Optional.empty();
    }

    /**
     * Who gets mail for postmaster of a domain: its admin, else the server's postmaster, else
     * nobody yet.
     */
    Optional<AccountId> postmaster(Domain domain) {
        return domain(real(domain))
                .flatMap(DomainEntry::admin)
                .filter(accounts::containsKey)
                .or(this::postmaster);
    }

    /** The postmaster of the server: the admin of the domain that is here longest. */
    Optional<AccountId> postmaster() {
        return domains.values().stream()
                .filter(entry -> entry.admin().filter(accounts::containsKey).isPresent())
                .min(
                        Comparator.comparing(DomainEntry::created)
                                .thenComparing(entry -> entry.domain().text()))
                .flatMap(DomainEntry::admin);
    }

    /** True when there are enabled accounts and SCRAM works for all of them. */
    boolean allHaveScram() {
        return enabled > 0 && enabled == enabledWithScram;
    }

    /** How many addresses a domain has. */
    Counts counts(Domain domain) {
        return counts.getOrDefault(domain, new Counts(0, 0));
    }

    /** Accounts and aliases of a domain. */
    record Counts(int accounts, int aliases) {
        Counts plus(AddressEntry entry, int sign) {
            return switch (entry) {
                case AddressEntry.OfAccount _ -> new Counts(accounts + sign, aliases);
                case AddressEntry.Alias _ -> new Counts(accounts, aliases + sign);
            };
        }
    }

    void apply(Change change) {
        switch (change) {
            case Change.PutDomain(DomainEntry entry) -> domains.put(entry.domain(), entry);
            case Change.DropDomain(Domain domain) -> domains.remove(domain);
            case Change.PutAddress put -> {
                dropAddress(put.key());
                addresses.put(put.key(), put.entry());
                Domain domain = put.key().domain();
                counts.put(domain, counts(domain).plus(put.entry(), 1));
                addPattern(put);
            }
            case Change.DropAddress(AddressKey key) -> dropAddress(key);
            case Change.PutAccount(AccountEntry entry) -> {
                drop(entry.id());
                add(entry);
            }
            case Change.DropAccount(AccountId id) -> drop(id);
            case Change.PutCredentials _,
                    Change.DropCredentials _,
                    Change.PutSetting _,
                    Change.PutErasure _,
                    Change.DropErasure _ -> {}
        }
    }

    private void add(AccountEntry entry) {
        accounts.put(entry.id(), entry);
        byLocalPart.computeIfAbsent(localPart(entry), _ -> new ArrayList<>(1)).add(entry.id());
        count(entry, 1);
    }

    private void drop(AccountId id) {
        AccountEntry entry = accounts.remove(id);
        if (entry == null) {
            return;
        }
        byLocalPart.computeIfPresent(
                localPart(entry),
                (_, ids) -> {
                    ids.remove(id);
                    return ids.isEmpty() ? null : ids;
                });
        count(entry, -1);
    }

    private void addPattern(Change.PutAddress put) {
        if (!(put.entry() instanceof AddressEntry.Alias alias)
                || !AliasPattern.isPattern(alias.address().localPart())) {
            return;
        }
        AliasPattern pattern = AliasPattern.of(alias.address().localPart());
        List<PatternAlias> all = new ArrayList<>(patterns(put.key().domain()));
        all.add(new PatternAlias(put.key(), alias, pattern));
        all.sort(Comparator.comparing(PatternAlias::pattern, AliasPattern.ORDER));
        patterns.put(put.key().domain(), List.copyOf(all));
    }

    private void dropAddress(AddressKey key) {
        AddressEntry entry = addresses.remove(key);
        if (entry != null) {
            patterns.computeIfPresent(
                    key.domain(),
                    (_, all) -> {
                        List<PatternAlias> left =
                                all.stream().filter(it -> !it.key().equals(key)).toList();
                        return left.isEmpty() ? null : left;
                    });
            counts.put(key.domain(), counts(key.domain()).plus(entry, -1));
        }
    }

    private void count(AccountEntry entry, int sign) {
        if (entry.account().enabled()) {
            enabled += sign;
            if (entry.secret() == AccountEntry.Secret.PASSWORD_AND_SCRAM) {
                enabledWithScram += sign;
            }
        }
    }

    private static String localPart(AccountEntry entry) {
        return Unicode.lookupKey(entry.account().address().localPart().text());
    }
}
