package mansio.state.directory;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.password.SchemeParser;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory on a disk in memory, with hashes that cost next to nothing and are counted. */
final class House implements AutoCloseable {
    static final NetworkOrigin HERE = origin("192.0.2.7");
    static final String PASSWORD = "correct horse";

    final FakeTime time = new FakeTime();
    final MemoryDisk disk;
    final Store store;
    final AtomicInteger hashes = new AtomicInteger();
    final PasswordHasher hasher;
    final PasswordMaker maker;
    final StoredDirectory directory;
    final DirectoryEditor editor;
    final AliasEditor aliases;
    final PasswdImport passwdImport;

    House() {
        this(new MemoryDisk(), settings(PasswordSettings.ScramOffer.WHEN_ALL_HAVE_KEYS));
    }

    House(MemoryDisk disk, PasswordSettings settings) {
        this.disk = disk;
        Random random = new Random(42);
        store =
                new Stores(
                                new Surroundings(
                                        time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                        .memory(disk);
        Work counting =
                new Work() {
                    @Override
                    public <T> T run(Task<T> task) throws IOException {
                        hashes.incrementAndGet();
                        return task.run();
                    }
                };
        hasher = new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, counting, random);
        maker = new PasswordMaker(hasher, settings, random);
        try {
            directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        aliases = new AliasEditor(directory);
        editor = new DirectoryEditor(directory, maker, time, random);
        passwdImport = new PasswdImport(directory, editor, new SchemeParser(random));
    }

    static PasswordSettings settings(PasswordSettings.ScramOffer offer) {
        return new PasswordSettings(8, offer, 4096, PasswordSettings.Imported.REHASH);
    }

    /** The same disk, opened anew. */
    House reopened() {
        store.close();
        return new House(disk, maker.settings());
    }

    PasswordAuthenticator authenticator() throws IOException {
        return new PasswordAuthenticator(
                new PasswordAuthenticator.Parts(
                        directory,
                        hasher,
                        maker,
                        time,
                        new Random(3),
                        InetAddress::isLoopbackAddress));
    }

    static NetworkOrigin origin(String literal) {
        return NetworkOrigin.of(InetAddress.ofLiteral(literal));
    }

    static Address address(String text) {
        return Address.parse(text);
    }

    static Domain domain(String text) {
        return Domain.parse(text);
    }

    void addDomain(String name) throws IOException {
        done(editor.addDomain(domain(name)));
    }

    Account addAccount(String address) throws IOException {
        return done(editor.addAccount(address(address), Optional.of(PASSWORD)));
    }

    void addAlias(String address, String... targets) throws IOException {
        done(
                aliases.add(
                        new AliasInfo(
                                AliasPattern.parse(address),
                                Arrays.stream(targets).map(House::address).toList())));
    }

    /** Who gets mail for an address: {@code anna@example.org+detail ...}, or the kind of route. */
    String route(String address) throws IOException {
        return shown(directory.route(address(address)));
    }

    String shown(Route route) throws IOException {
        return switch (route) {
            case Route.Remote _ -> "remote";
            case Route.NoSuchUser _ -> "nobody";
            case Route.Reflector _ -> "reflector";
            case Route.Ours(List<Route.Target> targets, List<Route.Forward> forwards) -> {
                StringBuilder out = new StringBuilder();
                for (Route.Target target : targets) {
                    Account account = directory.account(target.account()).orElseThrow();
                    out.append(out.isEmpty() ? "" : " ").append(account.address());
                    out.append(target.detail().isEmpty() ? "" : "/" + target.detail());
                }
                for (Route.Forward forward : forwards) {
                    out.append(out.isEmpty() ? "" : " ").append("-> ").append(forward.to());
                    out.append(" by ").append(forward.by());
                }
                yield out.toString();
            }
        };
    }

    static <T> T done(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    static void refused(Outcome<?> outcome, Outcome.Problem problem, String sentence) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        Outcome.Refused<?> refused = (Outcome.Refused<?>) outcome;
        assertThat(refused.sentence()).isEqualTo(sentence);
        assertThat(refused.problem()).isEqualTo(problem);
    }

    @Override
    public void close() {
        store.close();
    }
}
