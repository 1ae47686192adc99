package mansio.state.directory;

import mansio.codec.sasl.Saslprep;
import mansio.codec.sasl.ScramKeys;
import mansio.codec.text.Unicode;
import mansio.net.time.Time;
import mansio.state.password.PasswordHasher;
import mansio.state.password.SchemeParser;
import mansio.state.password.StoredPassword;
import mansio.state.password.UnusableHashException;
import mansio.state.store.AccountId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Checks log-ins against the directory. An attempt that the cache of right passwords does not
 * answer costs one Argon2 hash of ours, whoever it names and however it ends; imported hashes cost
 * themselves besides, until their first right log-in. A wrong password that is tried again costs
 * nothing. Safe for use by any thread.
 */
public final class PasswordAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordAuthenticator.class);

    /** Longer names are nobody's and not worth remembering. */
    private static final int MAX_NAME = 320;

    /** What is read for a name that is nobody's: ids are never 0. */
    private static final AccountId NOBODY = new AccountId(0);

    private final StoredDirectory directory;
    private final PasswordHasher hasher;
    private final PasswordMaker maker;
    private final SchemeParser schemes;
    private final Predicate<InetAddress> exempt;
    private final LockOut lockOut;
    private final PasswordMarks marks;
    private final VerifiedPasswords verified;
    private final FakeKeys fakeKeys;

    /**
     * What it works with.
     *
     * @param random draws keys and salts: a {@code SecureRandom} outside of tests
     * @param exempt networks whose failures are not counted ({@link NetworkOrigin#network})
     */
    public record Parts(
            StoredDirectory directory,
            PasswordHasher hasher,
            PasswordMaker maker,
            Time time,
            RandomGenerator random,
            Predicate<InetAddress> exempt) {}

    /**
     * @throws IOException when the directory's secret can be neither read nor made
     */
    public PasswordAuthenticator(Parts parts) throws IOException {
        this.directory = parts.directory;
        this.hasher = parts.hasher;
        this.maker = parts.maker;
        this.schemes = new SchemeParser(parts.random);
        this.exempt = parts.exempt;
        this.lockOut = new LockOut(parts.time);
        this.marks = new PasswordMarks(parts.random);
        this.verified = new VerifiedPasswords(parts.time, marks);
        this.fakeKeys =
                FakeKeys.open(
                        parts.directory, parts.random, parts.maker.settings().scramIterations());
    }

    @Override
    public Result password(String loginName, String password, NetworkOrigin origin)
            throws IOException {
        Optional<AccountEntry> entry = login(loginName);
        Typed typed = Typed.of(password);
        Attempt attempt = new Attempt(pair(loginName, origin), mark(entry, loginName, typed));
        Optional<Result> locked = attempt.locked();
        if (locked.isPresent()) {
            Optional<Account> known = verified(entry, typed);
            return attempt.letThrough(known.isPresent())
                    ? new Success(known.orElseThrow())
                    : locked.get();
        }
        if (attempt.isKnownWrong()) {
            return new Refused(); // Not counted, so it may cost nothing either.
        }
        Optional<Account> account = check(entry, typed);
        // Many may be tried at once: what was found out counts only if it is not too late by now.
        locked = attempt.locked();
        if (locked.isPresent()) {
            return locked.get();
        }
        return account.<Result>map(attempt::success).orElseGet(attempt::failure);
    }

    /** The account when the password is its own and it is enabled. */
    private Optional<Account> check(Optional<AccountEntry> entry, Typed typed) throws IOException {
        Optional<AccountEntry> enabled = entry.filter(it -> it.account().enabled());
        Optional<Account> remembered = verified(entry, typed);
        if (remembered.isPresent()) {
            return remembered;
        }
        Optional<Credentials> credentials =
                directory.credentials(enabled.map(AccountEntry::id).orElse(NOBODY));
        Optional<StoredPassword> stored =
                credentials.flatMap(Credentials::password).map(this::parse);
        if (enabled.isEmpty() || credentials.isEmpty() || stored.isEmpty()) {
            pretend(typed);
            return Optional.empty();
        }
        Known known = new Known(enabled.get(), credentials.get(), stored.get());
        return isRight(known, typed) ? Optional.of(remember(known, typed)) : Optional.empty();
    }

    /**
     * A password as it came.
     *
     * @param raw its octets, which other servers hash
     * @param prepared the octets of its prepared form, which we hash
     */
    private record Typed(String text, byte[] raw, byte[] prepared) {
        static Typed of(String text) {
            byte[] raw = text.getBytes(StandardCharsets.UTF_8);
            Optional<String> prepared = Saslprep.prepare(text);
            return new Typed(
                    text, raw, prepared.map(it -> it.getBytes(StandardCharsets.UTF_8)).orElse(raw));
        }
    }

    /** The account when its password is remembered as right; as much work when it is not. */
    private Optional<Account> verified(Optional<AccountEntry> entry, Typed typed) {
        Optional<Account> account = entry.map(AccountEntry::account).filter(Account::enabled);
        boolean right =
                verified.contains(
                        account.map(Account::id).orElse(NOBODY),
                        account.map(Account::credentialVersion).orElse(0L),
                        typed.prepared);
        return account.filter(_ -> right);
    }

    private OptionalLong mark(Optional<AccountEntry> entry, String loginName, Typed typed) {
        long version = entry.map(it -> it.account().credentialVersion()).orElse(0L);
        return OptionalLong.of(marks.tried(cut(loginName), version, typed.raw));
    }

    private record Known(AccountEntry entry, Credentials credentials, StoredPassword stored) {}

    private boolean isRight(Known known, Typed typed) throws IOException {
        if (hasher.isCurrent(known.stored)) {
            boolean right = hasher.matches(known.stored, typed.prepared);
            if (right && known.credentials.scram().isEmpty()) {
                addScramKeys(known, typed);
            }
            return right;
        }
        // What was made here with other costs is prepared; what came from elsewhere is not.
        boolean right =
                hasher.matches(known.stored, typed.raw)
                        || (!Arrays.equals(typed.raw, typed.prepared)
                                && hasher.matches(known.stored, typed.prepared));
        if (maker.settings().imported() == PasswordSettings.Imported.KEEP) {
            return right;
        }
        if (right) {
            keep(known, maker.renew(typed.text, known.credentials.version()));
        } else {
            hasher.pretend(typed.prepared);
        }
        return right;
    }

    private void addScramKeys(Known known, Typed typed) throws IOException {
        Optional<ScramKeys> keys = maker.scramKeys(typed.text);
        if (keys.isPresent()) {
            Credentials old = known.credentials;
            keep(known, new Credentials(old.version(), old.password(), keys));
        }
    }

    private Account remember(Known known, Typed typed) {
        long version = known.credentials.version();
        verified.add(known.entry.id(), version, typed.prepared);
        return known.entry.atVersion(version);
    }

    /**
     * Replaces what is stored for an unchanged password; a failure only means that it is tried
     * again next time.
     */
    private void keep(Known known, Credentials renewed) {
        AccountId id = known.entry.id();
        try {
            directory.change(
                    (tables, changes) -> {
                        Optional<AccountEntry> now = tables.account(id);
                        if (now.isEmpty()
                                || now.get().account().credentialVersion() != renewed.version()) {
                            return Outcome.refused(Outcome.Problem.NOT_FOUND, "changed meanwhile");
                        }
                        changes.accept(new Change.PutCredentials(id, renewed));
                        changes.accept(new Change.PutAccount(now.get().withCredentials(renewed)));
                        return Outcome.done(renewed);
                    });
        } catch (IOException e) {
            LOG.warn("password of account={} not hashed anew: {}", id, e.getMessage());
        }
    }

    private void pretend(Typed typed) throws IOException {
        if (maker.settings().imported() == PasswordSettings.Imported.REHASH) {
            hasher.pretend(typed.prepared);
        }
    }

    private StoredPassword parse(String text) {
        try {
            return schemes.parse(text);
        } catch (UnusableHashException e) {
            throw new IllegalStateException("a stored password cannot be read: " + e.reason(), e);
        }
    }

    private Optional<AccountEntry> login(String loginName) throws IOException {
        return loginName.length() > MAX_NAME ? Optional.empty() : directory.login(loginName);
    }

    private LockOut.Pair pair(String loginName, NetworkOrigin origin) throws IOException {
        return new LockOut.Pair(origin, directory.countedName(cut(loginName)));
    }

    private static String cut(String loginName) {
        return loginName.length() > MAX_NAME ? loginName.substring(0, MAX_NAME) : loginName;
    }

    /** One attempt, and how its end is counted. */
    private final class Attempt {
        private final LockOut.Pair pair;
        private final OptionalLong mark;
        private final boolean counted;

        /** {@code mark}: of the password; empty when it does not come to us. */
        Attempt(LockOut.Pair pair, OptionalLong mark) {
            this.pair = pair;
            this.mark = mark;
            this.counted = !exempt.test(pair.origin().network());
        }

        Optional<Result> locked() {
            Optional<Duration> wait = counted ? lockOut.mustWait(pair) : Optional.empty();
            return wait.map(Locked::new);
        }

        boolean isKnownWrong() {
            return counted && lockOut.isKnownWrong(pair, mark.orElseThrow());
        }

        boolean letThrough(boolean right) {
            return lockOut.letThrough(pair, mark.orElseThrow(), right);
        }

        Result success(Account account) {
            lockOut.succeeded(pair);
            return new Success(account);
        }

        Result failure() {
            if (counted) {
                lockOut.failed(pair, mark);
            }
            return new Refused();
        }
    }

    @Override
    public ScramAttempt scram(NetworkOrigin origin) {
        return new Exchange(origin);
    }

    @Override
    public boolean offersScram() throws IOException {
        return switch (maker.settings().scram()) {
            case WHEN_ALL_HAVE_KEYS -> directory.allHaveScram();
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    @Override
    public Registration onCredentialChange(CredentialListener listener) {
        return directory.listen(listener);
    }

    /** A SCRAM exchange: before its keys are asked for, it stands for nobody. */
    private final class Exchange implements ScramAttempt {
        private final NetworkOrigin origin;
        private Attempt attempt;
        private Optional<Account> account = Optional.empty();

        Exchange(NetworkOrigin origin) {
            this.origin = origin;
            this.attempt = new Attempt(new LockOut.Pair(origin, ""), OptionalLong.empty());
        }

        @Override
        public ScramKeys of(String authcid) throws IOException {
            Optional<AccountEntry> entry = login(authcid);
            attempt = new Attempt(pair(authcid, origin), OptionalLong.empty());
            Optional<AccountEntry> enabled = entry.filter(it -> it.account().enabled());
            Optional<Credentials> credentials =
                    directory.credentials(enabled.map(AccountEntry::id).orElse(NOBODY));
            Optional<ScramKeys> keys = credentials.flatMap(Credentials::scram);
            if (enabled.isEmpty() || keys.isEmpty()) {
                account = Optional.empty();
                return fakeKeys.of(Unicode.lookupKey(authcid));
            }
            account = Optional.of(enabled.get().atVersion(credentials.orElseThrow().version()));
            return keys.get();
        }

        @Override
        public Result succeeded() {
            return attempt.locked()
                    .orElseGet(
                            () ->
                                    account.<Result>map(attempt::success)
                                            .orElseGet(attempt::failure));
        }

        @Override
        public Result failed() {
            return attempt.locked().orElseGet(attempt::failure);
        }
    }
}
