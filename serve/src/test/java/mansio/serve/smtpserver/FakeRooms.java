package mansio.serve.smtpserver;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.sasl.ScramKeys;
import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Outcome;
import mansio.serve.inbound.Refusal;
import mansio.serve.inbound.Transaction;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;
import mansio.state.directory.NetworkOrigin;
import mansio.state.directory.Route;
import mansio.state.queue.QueueId;
import mansio.state.store.AccountId;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rooms a session asks, in memory: the users of RFC 5321's examples, and an inbound that keeps
 * what it gets. Their password is "pencil".
 */
final class FakeRooms {
    static final Domain FOO = Domain.parse("foo.com");
    static final long MAX_SIZE = 100_000;

    final List<Message> accepted = new ArrayList<>();
    final List<Listening> listeners = new ArrayList<>();
    final FakeDirectory directory = new FakeDirectory();
    final FakeAuthenticator authenticator = new FakeAuthenticator();
    final FakeInbound inbound = new FakeInbound();
    final List<AccountId> full = new ArrayList<>();
    int thrownAway;

    /** What inbound took. */
    record Message(Transaction transaction, String content) {}

    /** Who listens to changed credentials. */
    record Listening(Authenticator.CredentialListener listener) {}

    Rooms rooms() {
        return new Rooms(directory, authenticator, inbound, (id, _) -> !full.contains(id));
    }

    /** Some users at foo.com. */
    final class FakeDirectory implements Directory {
        final Map<String, Account> users = new LinkedHashMap<>();
        final Map<String, Route> lists = new LinkedHashMap<>();
        Optional<IOException> trouble = Optional.empty();

        FakeDirectory() {
            for (String name : List.of("smith", "jones", "brown", "j\u00fcrgen", "postmaster")) {
                users.put(
                        name,
                        new Account(
                                new AccountId(users.size() + 1),
                                Address.of(name, FOO),
                                true,
                                OptionalLong.empty(),
                                1,
                                Instant.EPOCH));
            }
        }

        private void maybeFail() throws IOException {
            if (trouble.isPresent()) {
                throw trouble.get();
            }
        }

        @Override
        public Route route(Address forwardPath) throws IOException {
            maybeFail();
            if (!forwardPath.host().equals(FOO)) {
                return new Route.Remote(forwardPath);
            }
            Route list = lists.get(forwardPath.localPart().text());
            if (list != null) {
                return list;
            }
            String name = Ascii.lower(forwardPath.localPart().text());
            Account account = users.get(name.equals("both") ? "smith" : name);
            if (name.equals("far") || name.equals("both") || name.startsWith("srs0=good=")) {
                Route.Reason reason =
                        name.startsWith("srs0=") ? Route.Reason.RETURN : Route.Reason.ALIAS;
                List<Route.Target> here =
                        account == null
                                ? List.of()
                                : List.of(
                                        new Route.Target(
                                                account.id(), forwardPath, account.address(), ""));
                return new Route.Ours(
                        here,
                        List.of(new Route.Forward(Address.parse("x@far.example"), FOO, reason)));
            }
            return account == null
                    ? new Route.NoSuchUser()
                    : new Route.Ours(
                            List.of(
                                    new Route.Target(
                                            account.id(), forwardPath, account.address(), "")),
                            List.of());
        }

        @Override
        public Route routePostmaster(Address addressedTo) throws IOException {
            return route(Address.of("postmaster", FOO));
        }

        @Override
        public AccountId postmaster(Domain domain) {
            return new AccountId(1);
        }

        @Override
        public boolean isLocal(Domain domain) {
            return domain.equals(FOO);
        }

        @Override
        public List<Domain> domains() {
            return List.of(FOO);
        }

        @Override
        public Optional<Account> account(AccountId id) {
            return users.values().stream().filter(it -> it.id().equals(id)).findFirst();
        }

        @Override
        public boolean owns(AccountId account, Address address) throws IOException {
            maybeFail();
            return account(account).map(it -> it.address().equals(address)).orElse(false);
        }

        @Override
        public boolean isAccountAddress(Address address) {
            throw new AssertionError(address);
        }

        @Override
        public boolean isLoginName(AccountId account, String loginName) {
            return account(account)
                    .map(it -> it.address().toWire().equals(loginName))
                    .orElse(false);
        }
    }

    /** Everybody's password is "pencil". */
    final class FakeAuthenticator implements Authenticator {
        private static final byte[] SALT = "salt of all".getBytes(StandardCharsets.US_ASCII);

        boolean scram = true;
        boolean locked;
        int failures;
        Optional<IOException> trouble = Optional.empty();

        private Optional<Account> named(String loginName) {
            return directory.users.values().stream()
                    .filter(it -> it.address().toWire().equals(loginName))
                    .findFirst();
        }

        @Override
        public Result password(String loginName, String password, NetworkOrigin origin)
                throws IOException {
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            if (locked) {
                return new Locked(Duration.ofMinutes(15));
            }
            Optional<Account> account = named(loginName);
            if (account.isPresent() && password.equals("pencil")) {
                return new Success(account.get());
            }
            failures++;
            return new Refused();
        }

        @Override
        public ScramAttempt scram(NetworkOrigin origin) {
            return new ScramAttempt() {
                private String name = "";

                @Override
                public ScramKeys of(String authcid) {
                    name = authcid;
                    return ScramKeys.derive(
                                    named(authcid).isPresent() ? "pencil" : "no such user",
                                    SALT,
                                    4096)
                            .orElseThrow();
                }

                @Override
                public Result succeeded() {
                    return new Success(named(name).orElseThrow());
                }

                @Override
                public Result failed() {
                    failures++;
                    return new Refused();
                }
            };
        }

        @Override
        public boolean offersScram() {
            return scram;
        }

        @Override
        public Registration onCredentialChange(CredentialListener listener) {
            Listening listening = new Listening(listener);
            listeners.add(listening);
            return () -> listeners.remove(listening);
        }
    }

    /** Keeps what it takes. */
    final class FakeInbound implements Intake {
        Optional<IOException> beginTrouble = Optional.empty();
        Optional<IOException> writeTrouble = Optional.empty();
        Optional<IOException> finishTrouble = Optional.empty();
        Optional<RuntimeException> bug = Optional.empty();
        Optional<Refusal> refusal = Optional.empty();

        boolean forwardsFromOutside;
        int returns = 1;

        /** For LMTP: the recipient that is refused alone. */
        Optional<Address> refusedRecipient = Optional.empty();

        @Override
        public long maxMessageBytes() {
            return MAX_SIZE;
        }

        @Override
        public boolean forwards(Origin origin) {
            return forwardsFromOutside
                    || !(origin instanceof Origin.Outside || origin instanceof Origin.Lmtp);
        }

        @Override
        public boolean mayReturn(Address to) {
            return returns-- > 0;
        }

        /** Whether smith@foo.com gets signed bounces only. */
        boolean enforcesTags;

        @Override
        public boolean isForeignBounce(
                Origin origin, Optional<Address> reversePath, Address forwardPath) {
            return enforcesTags
                    && origin instanceof Origin.Outside
                    && reversePath.isEmpty()
                    && forwardPath.equals(Address.parse("smith@foo.com"));
        }

        /** Other servers' senders may ask check@foo.com. */
        @Override
        public boolean reflects(Origin origin, Optional<Address> reversePath, Address forwardPath) {
            return origin instanceof Origin.Outside
                    && reversePath.isPresent()
                    && forwardPath.equals(Address.parse("check@foo.com"));
        }

        /** Own mail for alias.example is for foo.com. */
        @Override
        public Address rewritten(Origin origin, Address address, Side side) {
            return origin.isOwn() && address.host().equals(Domain.parse("alias.example"))
                    ? new Address(address.localPart(), FOO)
                    : address;
        }

        @Override
        public Intake.Content begin(Transaction transaction) throws IOException {
            if (beginTrouble.isPresent()) {
                throw beginTrouble.get();
            }
            return new FakeReception(transaction);
        }
    }

    private final class FakeReception implements Intake.Content {
        private final Transaction transaction;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean done;

        FakeReception(Transaction transaction) {
            this.transaction = transaction;
        }

        private QueueId id() {
            return new QueueId(accepted.size() + 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (inbound.writeTrouble.isPresent()) {
                throw inbound.writeTrouble.get();
            }
            content.write(from, offset, length);
        }

        @Override
        public Outcome finish() throws IOException {
            if (inbound.bug.isPresent()) {
                throw inbound.bug.get();
            }
            if (inbound.finishTrouble.isPresent()) {
                throw inbound.finishTrouble.get();
            }
            if (inbound.refusal.isPresent()) {
                return new Outcome.Refused(inbound.refusal.get());
            }
            done = true;
            QueueId id = id();
            accepted.add(new Message(transaction, content.toString(StandardCharsets.UTF_8)));
            List<Optional<Refusal>> refused = new ArrayList<>();
            for (Transaction.RoutedRecipient recipient : transaction.recipients()) {
                refused.add(
                        inbound.refusedRecipient
                                .filter(recipient.forwardPath()::equals)
                                .map(_ -> new Refusal(550, "5.7.1", "Refused by a Sieve script")));
            }
            return new Outcome.Accepted(id, refused);
        }

        @Override
        public void close() {
            if (!done) {
                thrownAway++;
            }
        }
    }
}
