package mansio.state.dkimkey;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.Seal;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** A server's keys, with a clock, a DNS and a disk of their own. */
final class KeyRing implements AutoCloseable {
    static final Domain OWN = Domain.parse("own.example");

    /** Good RSA keys take long to find: those of earlier tests are taken again. */
    private static final Deque<KeyMaterial> RSA = new ArrayDeque<>();

    private static final int RSA_KEYS = 8;

    final FakeTime time = new FakeTime();
    final FakeDns dns = new FakeDns(time, new Random(1));
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    final Partition partition = store.partition(PartitionId.DIRECTORY);
    final StoredDirectory directory;
    final DirectoryEditor editor;
    private final Path keyFile;
    Publication publication;
    Optional<Duration> rotateAfter = Optional.empty();
    DkimKeys keys;
    KeyRounds rounds;

    KeyRing(Path folder, Publication publication) throws IOException {
        this.keyFile = folder.resolve("data.key");
        this.publication = publication;
        publish(List.of());
        directory = StoredDirectory.open(partition, time, new Random(8));
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(
                                new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, new Random(9)),
                        PasswordSettings.DEFAULT,
                        new Random(9));
        editor = new DirectoryEditor(directory, maker, time, new Random(10));
        assertThat(editor.addDomain(OWN)).isInstanceOf(Outcome.Done.class);
        keys = opened();
        rounds = roundsOf(keys);
    }

    private DkimKeys opened() throws IOException {
        Seal seal =
                new Seal(
                        partition,
                        new KeyPlace(keyFile, KeyPlace.Guard.PERMISSIONS),
                        new Random(3));
        return DkimKeys.open(
                partition,
                new DkimKeys.Means(
                        seal, directory, KeyRing::made, Crypto.jdk(), time, publication));
    }

    private KeyRounds roundsOf(DkimKeys of) {
        return new KeyRounds(of, directory, new KeyRounds.Habits(dns, rotateAfter), time);
    }

    /** As after a new start of the process. */
    void reopen() throws IOException {
        keys = opened();
        rounds = roundsOf(keys);
    }

    static KeyMaterial made(KeyAlgorithm algorithm) {
        if (algorithm.family() == KeyAlgorithm.Family.ED25519) {
            return KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        }
        synchronized (RSA) {
            KeyMaterial next =
                    RSA.size() < RSA_KEYS
                            ? KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256)
                            : RSA.removeFirst();
            RSA.addLast(next);
            return next;
        }
    }

    /** The owner publishes these records, for an hour, and no others. */
    void publish(List<DkimKey> all) {
        dns.replace(
                ".",
                all.stream()
                        .map(
                                it ->
                                        "%s. 7200 TXT %s"
                                                .formatted(
                                                        it.name().dnsName(), quoted(it.record())))
                        .collect(Collectors.joining("\n")));
    }

    static String quoted(String text) {
        int cut = Math.min(200, text.length());
        return "\"" + text.substring(0, cut) + "\" \"" + text.substring(cut) + "\"";
    }

    KeyName name(String selector) {
        return KeyName.of(OWN, selector).orElseThrow();
    }

    /** Selectors and states, in order. */
    String states() {
        return keys.of(OWN).stream()
                .map(it -> it.name().selector() + " " + it.state().text())
                .collect(Collectors.joining(", "));
    }

    /** Time passes, with rounds in it. */
    void pass(Duration duration) throws IOException {
        int hours = (int) duration.toHours();
        for (int i = 0; i < hours; i++) {
            time.advance(Duration.ofHours(1));
            rounds.round();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
