package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.store.AccountId;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The directory as it stands in its partition, held in memory whole. One object owns the
 * partition's directory tables: every change goes through {@link #change}, one at a time, to disk
 * and then to memory, so that questions never wait for a disk.
 *
 * <p>Two locks: {@code changing} around a whole change, its disk write included; {@code tablesLock}
 * around reading or replacing the tables, never while waiting for anything. {@code changing} is
 * taken first.
 */
public final class StoredDirectory implements Directory {
    /** Entries of one change; a larger import works in several. */
    static final int MAX_CHANGES = 2_000;

    private final Partition partition;
    private final Tables tables = new Tables();
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock tablesLock = new ReentrantLock();
    private final List<Authenticator.CredentialListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> domainListeners = new CopyOnWriteArrayList<>();

    private final ReturnPaths returnPaths;

    private StoredDirectory(Partition partition, ReturnPaths returnPaths) {
        this.partition = partition;
        this.returnPaths = returnPaths;
    }

    /**
     * Reads the directory.
     *
     * @param random draws secrets: a {@code SecureRandom} outside of tests
     * @throws IOException when it cannot be read
     */
    public static StoredDirectory open(Partition partition, Time time, RandomGenerator random)
            throws IOException {
        StoredDirectory directory =
                new StoredDirectory(partition, ReturnPaths.open(partition, time, random));
        directory.load(Rows.DOMAINS, entry -> new Change.PutDomain(Rows.domain(entry.value())));
        directory.load(Rows.ACCOUNTS, entry -> new Change.PutAccount(Rows.account(entry.value())));
        directory.load(Rows.ADDRESSES, entry -> new Change.PutAddress(Rows.address(entry.value())));
        return directory;
    }

    private void load(Key table, Function<Entry, Change> row) throws IOException {
        Range range = Range.prefix(table);
        while (true) {
            Page page =
                    partition.scan(
                            range,
                            Reads.Direction.FORWARD,
                            Reads.MAX_SCAN_ENTRIES,
                            Reads.MAX_SCAN_BYTES);
            page.entries().forEach(entry -> tables.apply(row.apply(entry)));
            if (!page.more()) {
                return;
            }
            range = new Range(page.entries().getLast().key().u8(0), range.to());
        }
    }

    @Override
    public Route route(Address forwardPath) throws IOException {
        Optional<ReturnPaths.Opened> opened = opened(forwardPath);
        return read(tables -> new Router(tables, forwardPath, opened).route());
    }

    /** What an address of ours is, if it has the form of a reverse-path that we sign. */
    private Optional<ReturnPaths.Opened> opened(Address address) throws IOException {
        Optional<Domain> domain = address.domain();
        return domain.isPresent() && isLocal(domain.get())
                ? returnPaths.open(address)
                : Optional.empty();
    }

    /** Reverse-paths of ours. */
    public ReturnPaths returnPaths() {
        return returnPaths;
    }

    @Override
    public Route routePostmaster(Address addressedTo) throws IOException {
        return read(tables -> new Router(tables, addressedTo).postmaster());
    }

    /**
     * As {@link #route}, with each look-up; never fails, because the failure is what is asked for.
     */
    public Explanation explain(Address address) {
        Optional<ReturnPaths.Opened> opened;
        try {
            opened = opened(address);
        } catch (IOException e) {
            return new Explanation(List.of(), Optional.empty(), String.valueOf(e.getMessage()));
        }
        tablesLock.lock();
        try {
            Router router = new Router(tables, address, opened);
            try {
                Route route = router.route();
                return new Explanation(router.steps(), Optional.of(route), "");
            } catch (IOException e) {
                return new Explanation(
                        router.steps(), Optional.empty(), String.valueOf(e.getMessage()));
            }
        } finally {
            tablesLock.unlock();
        }
    }

    @Override
    public AccountId postmaster(Domain domain) throws IOException {
        return read(tables -> tables.postmaster(domain))
                .orElseThrow(() -> new IOException("no account yet is postmaster of " + domain));
    }

    @Override
    public boolean isLocal(Domain domain) throws IOException {
        return read(tables -> tables.domain(domain)).isPresent();
    }

    /** When a domain became ours; empty for one that is not. */
    public Optional<Instant> oursSince(Domain domain) throws IOException {
        return read(tables -> tables.domain(domain)).map(DomainEntry::created);
    }

    /** What parts user and detail in a domain of ours; empty for one that is not ours. */
    public Optional<String> separators(Domain domain) throws IOException {
        return read(tables -> tables.domain(tables.real(domain))).map(DomainEntry::separators);
    }

    @Override
    public List<Domain> domains() throws IOException {
        return read(tables -> tables.domains().stream().map(DomainEntry::domain).toList());
    }

    @Override
    public Optional<Account> account(AccountId id) throws IOException {
        return read(tables -> tables.account(id)).map(AccountEntry::account);
    }

    @Override
    public boolean owns(AccountId account, Address address) throws IOException {
        return read(tables -> new Router(tables, address).byNameOnly().route())
                        instanceof Route.Ours(List<Route.Target> targets, List<Route.Forward> _)
                && targets.stream().anyMatch(target -> target.account().equals(account));
    }

    @Override
    public boolean isAccountAddress(Address address) throws IOException {
        return read(tables -> Router.isAccountAddress(tables, address));
    }

    @Override
    public boolean isLoginName(AccountId account, String loginName) throws IOException {
        return login(loginName).filter(entry -> entry.id().equals(account)).isPresent();
    }

    /** Who logs in by this name. */
    Optional<AccountEntry> login(String loginName) throws IOException {
        return read(tables -> tables.login(loginName));
    }

    /** Under which name failed log-ins are counted ({@link Tables#countedName}). */
    String countedName(String loginName) throws IOException {
        return read(tables -> tables.countedName(loginName));
    }

    boolean allHaveScram() throws IOException {
        return read(Tables::allHaveScram);
    }

    /** The secrets of an account, from disk; empty when it has none, or is none. */
    Optional<Credentials> credentials(AccountId id) throws IOException {
        return partition.get(Rows.credentials(id)).map(Rows::credentials);
    }

    Optional<byte[]> setting(String name) throws IOException {
        return partition.get(Rows.setting(name));
    }

    /**
     * Removed accounts whose mail is not known to be erased yet. The note is written in the moment
     * of the removal, so that neither a crash nor a failed disk leaves mail behind for ever.
     *
     * @return at most some hundred; more are told when these are {@link #erased}
     */
    public List<AccountId> toErase() throws IOException {
        Page page =
                partition.scan(
                        Range.prefix(Rows.ERASURES),
                        Reads.Direction.FORWARD,
                        Reads.MAX_SCAN_ENTRIES,
                        Reads.MAX_SCAN_BYTES);
        return page.entries().stream().map(entry -> Rows.erasure(entry.value())).toList();
    }

    /** The account's mail is gone. */
    public void erased(AccountId id) throws IOException {
        Outcome<AccountId> _ =
                change(
                        (_, changes) -> {
                            changes.accept(new Change.DropErasure(id));
                            return Outcome.done(id);
                        });
    }

    /** A question to the tables at one moment. */
    @FunctionalInterface
    interface Question<R> {
        R ask(Tables tables) throws IOException;
    }

    <R> R read(Question<R> question) throws IOException {
        tablesLock.lock();
        try {
            return question.ask(tables);
        } finally {
            tablesLock.unlock();
        }
    }

    /** Decides on a change by what the tables say; nobody else changes them meanwhile. */
    @FunctionalInterface
    interface Decision<R> {
        /**
         * @param changes takes what is to be written, in order: what is put before what is dropped
         * @return refused or not: a refusal writes nothing, whatever was taken
         */
        Outcome<R> decide(Tables tables, Consumer<Change> changes) throws IOException;
    }

    /** Decides, writes, and returns when it is durable and in effect. */
    <R> Outcome<R> change(Decision<R> decision) throws IOException {
        changing.lock();
        try {
            List<Change> changes = new ArrayList<>();
            // Only holders of "changing" write the tables, so reading them here needs no second
            // lock.
            Outcome<R> outcome = decision.decide(tables, changes::add);
            if (outcome instanceof Outcome.Done<R> && !changes.isEmpty()) {
                if (changes.size() > MAX_CHANGES) {
                    throw new IllegalArgumentException(changes.size() + " changes at once");
                }
                partition.write(
                        turn -> {
                            changes.forEach(change -> change.write(turn));
                            return changes.size();
                        });
                apply(changes);
            }
            return outcome;
        } finally {
            changing.unlock();
        }
    }

    private void apply(List<Change> changes) {
        Map<AccountId, Long> ended = new LinkedHashMap<>();
        boolean moved = false;
        tablesLock.lock();
        try {
            for (Change change : changes) {
                endedBy(change).ifPresent(it -> ended.put(it.account, it.minVersion));
                moved |= moves(change);
                tables.apply(change);
            }
        } finally {
            tablesLock.unlock();
        }
        if (moved) domainListeners.forEach(Runnable::run);
        ended.forEach(
                (account, minVersion) -> listeners.forEach(it -> it.changed(account, minVersion)));
    }

    /** True when a domain becomes ours, or ceases to be. */
    private boolean moves(Change change) {
        return change instanceof Change.PutDomain(DomainEntry entry)
                ? tables.domain(entry.domain()).isEmpty()
                : change instanceof Change.DropDomain;
    }

    /** Sessions that a change ends. */
    private record Ended(AccountId account, long minVersion) {}

    private Optional<Ended> endedBy(Change change) {
        return switch (change) {
            case Change.PutAccount(AccountEntry entry) -> {
                long version = entry.account().credentialVersion();
                yield tables.account(entry.id())
                        .filter(old -> old.account().credentialVersion() < version)
                        .map(_ -> new Ended(entry.id(), version));
            }
            case Change.DropAccount(AccountId id) -> Optional.of(new Ended(id, Long.MAX_VALUE));
            case Change.PutDomain _,
                    Change.DropDomain _,
                    Change.PutAddress _,
                    Change.DropAddress _,
                    Change.PutCredentials _,
                    Change.DropCredentials _,
                    Change.PutSetting _,
                    Change.PutErasure _,
                    Change.DropErasure _ ->
                    Optional.empty();
        };
    }

    /**
     * Calls {@code listener} when a domain has become ours or ceased to be, on the thread that
     * changed it and before the change returns: return at once.
     */
    public void listenToDomains(Runnable listener) {
        domainListeners.add(listener);
    }

    Authenticator.Registration listen(Authenticator.CredentialListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
