package mansio.serve.imapserver;

import mansio.codec.sasl.ScramKeys;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;
import mansio.state.directory.NetworkOrigin;
import mansio.state.directory.Route;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who may log in: fred, smith and tiny (who has 2,000 bytes of quota); the password is "pencil".
 */
final class FakePeople implements Authenticator {
    static final Domain HERE = Domain.parse("example.org");
    private static final byte[] SALT = "salt of all".getBytes(StandardCharsets.US_ASCII);

    final List<Account> accounts = new ArrayList<>();
    final List<CredentialListener> listeners = new ArrayList<>();
    boolean cannotTell;
    boolean locked;

    FakePeople() {
        add("fred", OptionalLong.empty());
        add("smith", OptionalLong.empty());
        add("tiny", OptionalLong.of(2000));
    }

    private void add(String name, OptionalLong quota) {
        AccountId id = new AccountId(accounts.size() + 1);
        accounts.add(new Account(id, Address.of(name, HERE), true, quota, 1, Instant.EPOCH));
    }

    private Optional<Account> named(String name) {
        return accounts.stream()
                .filter(
                        it ->
                                it.address()
                                        .localPart()
                                        .text()
                                        .equals(name.replace("@example.org", "")))
                .findFirst();
    }

    Directory directory() {
        return new People();
    }

    @Override
    public Result password(String loginName, String password, NetworkOrigin origin)
            throws IOException {
        if (cannotTell) {
            throw new IOException("the disk is on fire");
        }
        if (locked) {
            return new Locked(Duration.ofMinutes(1));
        }
        Optional<Account> account = named(loginName);
        return account.isPresent() && password.equals("pencil")
                ? new Success(account.get())
                : new Refused();
    }

    @Override
    public ScramAttempt scram(NetworkOrigin origin) {
        return new ScramAttempt() {
            private String name = "";

            @Override
            public ScramKeys of(String authcid) {
                name = authcid;
                String password = named(authcid).isPresent() ? "pencil" : "nobody knows";
                return ScramKeys.derive(password, SALT, ScramKeys.MIN_ITERATIONS).orElseThrow();
            }

            @Override
            public Result succeeded() {
                return named(name).<Result>map(Success::new).orElseGet(Refused::new);
            }

            @Override
            public Result failed() {
                return new Refused();
            }
        };
    }

    @Override
    public boolean offersScram() {
        return true;
    }

    @Override
    public Registration onCredentialChange(CredentialListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private final class People implements Directory {
        @Override
        public Route route(Address forwardPath) {
            return new Route.NoSuchUser();
        }

        @Override
        public Route routePostmaster(Address addressedTo) {
            return new Route.NoSuchUser();
        }

        @Override
        public AccountId postmaster(Domain domain) {
            return accounts.getFirst().id();
        }

        @Override
        public boolean isLocal(Domain domain) {
            return domain.equals(HERE);
        }

        @Override
        public List<Domain> domains() {
            return List.of(HERE);
        }

        @Override
        public Optional<Account> account(AccountId id) {
            return accounts.stream().filter(it -> it.id().equals(id)).findFirst();
        }

        @Override
        public boolean owns(AccountId account, Address address) {
            return account(account).filter(it -> it.address().equals(address)).isPresent();
        }

        @Override
        public boolean isAccountAddress(Address address) {
            throw new AssertionError(address);
        }

        @Override
        public boolean isLoginName(AccountId account, String loginName) {
            return named(loginName).filter(it -> it.id().equals(account)).isPresent();
        }
    }
}
