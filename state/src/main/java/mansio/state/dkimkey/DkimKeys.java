package mansio.state.dkimkey;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.directory.Directory;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKey.Life;
import mansio.state.dkimkey.DkimKey.Pace;
import mansio.state.seal.Seal;
import mansio.state.store.Partition;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SigningKey;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The keys of all domains, as they stand in the directory partition and, but for the secrets, in
 * memory. A change is written first, all of it in one batch, and then holds.
 *
 * <p>Safe for use by any thread. The lock is held around a whole change, its disk write included,
 * but not while a key is searched for.
 */
public final class DkimKeys {
    /** A domain has no more. */
    public static final int MAX_PER_DOMAIN = 100;

    /** Patterns of one key. */
    public static final int MAX_SENDERS = 100;

    private final Means means;
    private final KeyShelf shelf;
    private final KeySecrets secrets;
    private final ReentrantLock changing = new ReentrantLock();
    private final Map<KeyName, Sighting> sightings = new ConcurrentHashMap<>();

    /** Whether a key waits until its record was seen. */
    public enum Publication {
        REQUIRED,
        /** For trying things out: it is active as soon as it is made. */
        NOT_REQUIRED
    }

    /** What it works with. */
    public record Means(
            Seal seal,
            Directory directory,
            KeyMaker maker,
            Crypto crypto,
            Time time,
            Publication publication) {}

    private DkimKeys(Partition partition, Means means) throws IOException {
        this.means = means;
        this.secrets = new KeySecrets(partition, means.seal(), means.crypto());
        this.shelf = new KeyShelf(partition);
    }

    /**
     * Reads the keys.
     *
     * @param partition the directory partition
     */
    public static DkimKeys open(Partition partition, Means means) throws IOException {
        return new DkimKeys(partition, means);
    }

    // Questions.

    /** All keys, by domain and selector. */
    public List<DkimKey> all() {
        return shelf.all();
    }

    /** The keys of a domain, in the order of their selectors. */
    public List<DkimKey> of(Domain domain) {
        return shelf.of(domain).keys();
    }

    /** The key of this name. */
    public Optional<DkimKey> key(KeyName name) {
        return of(name.domain()).stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** How mail of the domain is signed. */
    public DomainSigning signing(Domain domain) {
        return shelf.of(domain).signing();
    }

    /** What the DNS said of it when this process last asked. */
    public Optional<Sighting> sighting(KeyName name) {
        return Optional.ofNullable(sightings.get(name));
    }

    /** True when the DNS has a say. */
    boolean waitForPublication() {
        return means.publication() == Publication.REQUIRED;
    }

    Crypto crypto() {
        return means.crypto();
    }

    /** For {@link #sighting}. */
    void note(KeyName name, Sighting seen) {
        if (key(name).isPresent()) sightings.put(name, seen);
    }

    /**
     * With what a message of this author is signed: the active keys of the domain, or of the
     * nearest one above it that has some. Those that are for such senders go before those for
     * everybody.
     */
    public Signers signers(Address from) {
        Optional<Domain> author = from.domain();
        if (author.isEmpty()) return Signers.none("the author has no domain");
        String waits = "";
        for (Optional<Domain> at = author; at.isPresent(); at = at.get().parent()) {
            KeyShelf.Held held = shelf.of(at.get());
            List<DkimKey> fit = fitting(held.keys(), from);
            if (!fit.isEmpty()) return opened(at.get(), held.signing(), fit);
            if (waits.isEmpty() && !held.keys().isEmpty()) {
                waits = "no key of " + at.get() + " is active for " + from;
            }
        }
        return Signers.none(waits.isEmpty() ? "there is no key for " + author.get() : waits);
    }

    private static List<DkimKey> fitting(List<DkimKey> keys, Address from) {
        List<DkimKey> active = keys.stream().filter(it -> it.state() == KeyState.ACTIVE).toList();
        List<DkimKey> named =
                active.stream()
                        .filter(key -> key.senders().stream().anyMatch(it -> it.fits(from)))
                        .toList();
        return named.isEmpty()
                ? active.stream().filter(it -> it.senders().isEmpty()).toList()
                : named;
    }

    private Signers opened(Domain domain, DomainSigning how, List<DkimKey> keys) {
        List<SigningKey> open = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        for (DkimKey key : keys) {
            try {
                open.add(secrets.open(key));
            } catch (IOException e) {
                troubles.add("the key " + key.name() + " cannot be used: " + e.getMessage());
            }
        }
        return new Signers(open, Optional.of(domain), how.options(), troubles);
    }

    // Changes.

    /** Makes an RSA and an Ed25519 key for a domain of ours that has no keys; else nothing. */
    public List<DkimKey> makeFirst(Domain domain) throws IOException {
        if (!of(domain).isEmpty()) return List.of();
        List<Draft> drafts = List.of(draft(KeyAlgorithm.RSA_2048), draft(KeyAlgorithm.ED25519));
        return changed(() -> of(domain).isEmpty() ? put(domain, drafts, Pace.PATIENT) : List.of());
    }

    /** A key to be made. */
    public record Wish(
            Optional<String> selector, KeyAlgorithm algorithm, List<SenderPattern> senders) {
        public Wish {
            senders = List.copyOf(senders);
        }
    }

    /** Makes one more key, which becomes active beside the others. */
    public Outcome<DkimKey> add(Domain domain, Wish wish) throws IOException {
        Optional<Outcome<DkimKey>> wrong = wrong(domain, wish.selector(), wish.senders());
        if (wrong.isPresent()) return wrong.get();
        Draft draft =
                draft(wish.algorithm()).with(wish.selector(), wish.senders(), Optional.empty());
        return addOne(domain, draft);
    }

    /**
     * Takes over a key that was made elsewhere.
     *
     * @param wish whose algorithm is that of the key
     */
    public Outcome<DkimKey> take(Domain domain, Wish wish, KeyMaterial material)
            throws IOException {
        Optional<Outcome<DkimKey>> wrong = wrong(domain, wish.selector(), wish.senders());
        if (wrong.isPresent()) return wrong.get();
        return addOne(
                domain,
                new Draft(
                        wish.algorithm(),
                        material,
                        wish.selector(),
                        wish.senders(),
                        Optional.empty()));
    }

    private Outcome<DkimKey> addOne(Domain domain, Draft draft) throws IOException {
        return changed(
                () -> {
                    Optional<KeyName> name = draft.selector().flatMap(it -> KeyName.of(domain, it));
                    if (name.flatMap(this::key).isPresent()) {
                        return Outcome.refused(
                                Problem.EXISTS, "there is a key " + name.get() + " already");
                    }
                    if (of(domain).size() >= MAX_PER_DOMAIN) {
                        return Outcome.refused(
                                Problem.INVALID,
                                domain + " has " + MAX_PER_DOMAIN + " keys already");
                    }
                    return Outcome.done(put(domain, List.of(draft), Pace.PATIENT).getFirst());
                });
    }

    private <T> Optional<Outcome<T>> wrong(
            Domain domain, Optional<String> selector, List<SenderPattern> senders)
            throws IOException {
        if (!means.directory().isLocal(domain)) return Optional.of(notOurs(domain));
        if (selector.isPresent() && KeyName.of(domain, selector.get()).isEmpty()) {
            return Optional.of(
                    Outcome.refused(
                            Problem.INVALID,
                            "'" + selector.get() + "' is no selector of " + domain));
        }
        if (senders.size() > MAX_SENDERS) {
            return Optional.of(
                    Outcome.refused(
                            Problem.INVALID, "a key is for " + MAX_SENDERS + " patterns at most"));
        }
        return senders.stream()
                .filter(it -> !it.isWithin(domain))
                .findFirst()
                .map(
                        it ->
                                Outcome.refused(
                                        Problem.INVALID,
                                        it + " is not in " + domain + ", whose key it is"));
    }

    private static <T> Outcome<T> notOurs(Domain domain) {
        return Outcome.refused(
                Problem.NOT_FOUND,
                domain + " is no domain of this server; add it with mansio domain add " + domain);
    }

    /**
     * Makes the keys that follow the active ones of a domain, or its first ones. Each takes over
     * when the DNS has shown its record long enough.
     *
     * @param pace HURRIED: as soon as it was seen; this also spurs on keys that wait already
     * @return the keys whose records are to be published
     */
    public Outcome<List<DkimKey>> rotate(Domain domain, Pace pace) throws IOException {
        if (!means.directory().isLocal(domain)) return notOurs(domain);
        List<DkimKey> waiting = in(domain, it -> it.state().isNew());
        if (!waiting.isEmpty()) {
            return pace == Pace.HURRIED
                    ? Outcome.done(hurried(domain))
                    : Outcome.refused(
                            Problem.IN_USE,
                            ("%s has new keys that wait for their records (%s); publish those, or"
                                            + " remove the keys")
                                    .formatted(domain, waiting.getFirst().name()));
        }
        List<Draft> drafts = new ArrayList<>();
        List<DkimKey> active = in(domain, it -> it.state() == KeyState.ACTIVE);
        for (DkimKey old : active) {
            drafts.add(
                    draft(successor(old.algorithm()))
                            .with(
                                    Optional.empty(),
                                    old.senders(),
                                    Optional.of(old.name().selector())));
        }
        if (drafts.isEmpty()) {
            drafts.add(draft(KeyAlgorithm.RSA_2048));
            drafts.add(draft(KeyAlgorithm.ED25519));
        }
        return changed(
                () -> {
                    boolean meanwhile =
                            !in(domain, it -> it.state().isNew()).isEmpty()
                                    || of(domain).size() + drafts.size() > MAX_PER_DOMAIN;
                    return meanwhile
                            ? Outcome.refused(
                                    Problem.IN_USE,
                                    domain + " has too many keys, or others were made meanwhile")
                            : Outcome.done(put(domain, drafts, pace));
                });
    }

    private List<DkimKey> hurried(Domain domain) throws IOException {
        return changed(
                () -> {
                    List<DkimKey> waiting =
                            in(domain, it -> it.state().isNew()).stream()
                                    .map(it -> it.with(it.life().with(Pace.HURRIED)))
                                    .toList();
                    replace(waiting);
                    return waiting;
                });
    }

    /** Imported keys may have lengths that are not made here. */
    private static KeyAlgorithm successor(KeyAlgorithm old) {
        return KeyAlgorithm.MADE.stream()
                .filter(it -> it.family() == old.family() && it.bits() >= old.bits())
                .findFirst()
                .orElse(KeyAlgorithm.RSA_4096);
    }

    private List<DkimKey> in(Domain domain, Predicate<DkimKey> which) {
        return of(domain).stream().filter(which).toList();
    }

    /** Lets a key sign from now on, whatever the DNS says; the one that it replaces retires. */
    public Outcome<DkimKey> activate(KeyName name) throws IOException {
        return onKey(
                name,
                key -> {
                    if (!key.state().isNew()) {
                        return Outcome.refused(
                                Problem.INVALID, "the key " + name + " is " + key.state().text());
                    }
                    return Outcome.done(
                            stepped(key, KeyLife.active(key.life(), means.time().now())));
                });
    }

    /** Lets a key sign no more. Its record stays for a week when it has signed. */
    public Outcome<DkimKey> retire(KeyName name) throws IOException {
        return onKey(
                name,
                key ->
                        switch (key.state()) {
                            case RETIRING, RETIRED ->
                                    Outcome.refused(
                                            Problem.INVALID,
                                            "the key " + name + " is " + key.state().text());
                            case ACTIVE ->
                                    Outcome.done(
                                            stepped(
                                                    key,
                                                    KeyLife.retiring(
                                                            key.life(), means.time().now())));
                            case MADE, PUBLISHED ->
                                    Outcome.done(
                                            stepped(
                                                    key,
                                                    key.life()
                                                            .to(
                                                                    KeyState.RETIRED,
                                                                    means.time().now(),
                                                                    KeyLife.REMEMBERED)));
                        });
    }

    /** Forgets a key that does not sign. */
    public Outcome<DkimKey> remove(KeyName name) throws IOException {
        return onKey(
                name,
                key -> {
                    if (key.state() == KeyState.ACTIVE) {
                        return Outcome.refused(
                                Problem.IN_USE,
                                "the key %s signs; retire it first: mansio dkim retire %s %s"
                                        .formatted(name, name.domain(), name.selector()));
                    }
                    drop(key);
                    return Outcome.done(key);
                });
    }

    /** Says whom a key is for; nobody named: everybody whom no other key is for. */
    public Outcome<DkimKey> setSenders(KeyName name, List<SenderPattern> senders)
            throws IOException {
        Optional<Outcome<DkimKey>> wrong = wrong(name.domain(), Optional.empty(), senders);
        if (wrong.isPresent()) return wrong.get();
        return onKey(
                name,
                key -> {
                    DkimKey other = key.withSenders(senders);
                    replace(List.of(other));
                    return Outcome.done(other);
                });
    }

    /** Says how mail of a domain of ours is signed. */
    public Outcome<DomainSigning> setSigning(Domain domain, DomainSigning signing)
            throws IOException {
        if (!means.directory().isLocal(domain)) return notOurs(domain);
        return changed(
                () -> {
                    shelf.set(domain, signing);
                    return Outcome.done(signing);
                });
    }

    /** Forgets all that is known of a domain that is not ours any more. */
    public void forget(Domain domain) throws IOException {
        changed(
                () -> {
                    List<DkimKey> keys = of(domain);
                    shelf.forget(domain);
                    keys.forEach(this::forgetOpen);
                    return keys.size();
                });
    }

    /**
     * Takes a key on by what the DNS says of it.
     *
     * @return the key when it is in another state now; a retired one that was forgotten included
     */
    Optional<DkimKey> advance(KeyName name, Sighting seen) throws IOException {
        return changed(
                () -> {
                    Optional<DkimKey> found = key(name);
                    if (found.isEmpty()) return found;
                    DkimKey key = found.get();
                    Instant now = means.time().now();
                    if (key.state() == KeyState.RETIRED && !now.isBefore(key.life().until())) {
                        drop(key);
                        return found;
                    }
                    Optional<Life> next =
                            KeyLife.next(key, seen, now, predecessor(key).isPresent());
                    if (next.isEmpty()) return Optional.empty();
                    boolean other = next.get().state() != key.state();
                    DkimKey changed = stepped(key, next.get());
                    return other ? Optional.of(changed) : Optional.empty();
                });
    }

    /** The key that signs until this one does. */
    private Optional<DkimKey> predecessor(DkimKey key) {
        return key.replaces()
                .flatMap(it -> KeyName.of(key.name().domain(), it))
                .flatMap(this::key)
                .filter(it -> it.state() == KeyState.ACTIVE);
    }

    /** One step, with all that follows from it, in one batch. */
    private DkimKey stepped(DkimKey key, Life life) throws IOException {
        List<DkimKey> all = new ArrayList<>();
        DkimKey changed = key.with(life);
        all.add(changed);
        if (life.state() == KeyState.ACTIVE) {
            predecessor(key)
                    .ifPresent(it -> all.add(it.with(KeyLife.retiring(it.life(), life.since()))));
        }
        replace(all);
        return changed;
    }

    /** A key found, and where it is to go. */
    private record Draft(
            KeyAlgorithm algorithm,
            KeyMaterial material,
            Optional<String> selector,
            List<SenderPattern> senders,
            Optional<String> replaces) {
        Draft with(Optional<String> other, List<SenderPattern> whom, Optional<String> predecessor) {
            return new Draft(algorithm, material, other, whom, predecessor);
        }
    }

    private Draft draft(KeyAlgorithm algorithm) throws IOException {
        return new Draft(
                algorithm,
                means.maker().make(algorithm),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private List<DkimKey> put(Domain domain, List<Draft> drafts, Pace pace) throws IOException {
        Instant now = means.time().now();
        List<DkimKey> made = new ArrayList<>();
        List<KeyShelf.New> additions = new ArrayList<>();
        List<DkimKey> relieved = new ArrayList<>();
        boolean waits = waitForPublication();
        for (Draft draft : drafts) {
            KeyName name =
                    Selectors.name(domain, draft.selector(), draft.algorithm(), now)
                            .filter(
                                    it ->
                                            key(it).isEmpty()
                                                    && made.stream()
                                                            .noneMatch(
                                                                    other ->
                                                                            other.name()
                                                                                    .equals(it)))
                            .findFirst()
                            .orElseThrow(
                                    () -> new IOException("no selector is left for " + domain));
            Life life = Life.begin(now, pace);
            DkimKey key =
                    new DkimKey(
                            name,
                            draft.algorithm(),
                            draft.material().record(),
                            draft.senders(),
                            draft.replaces(),
                            waits ? life : KeyLife.active(life, now));
            made.add(key);
            additions.add(new KeyShelf.New(key, secrets.sealed(name, draft.material())));
            if (!waits) {
                predecessor(key)
                        .ifPresent(it -> relieved.add(it.with(KeyLife.retiring(it.life(), now))));
            }
        }
        shelf.add(additions, relieved);
        return made;
    }

    /** Other lives and senders of keys that are there. */
    private void replace(List<DkimKey> keys) throws IOException {
        shelf.replace(keys);
        keys.stream().filter(it -> it.state() != KeyState.ACTIVE).forEach(secrets::forget);
    }

    private void drop(DkimKey key) throws IOException {
        shelf.drop(key);
        forgetOpen(key);
    }

    private void forgetOpen(DkimKey key) {
        secrets.forget(key);
        sightings.remove(key.name());
    }

    /** A decision and its writes. */
    @FunctionalInterface
    private interface Step<R> {
        R run() throws IOException;
    }

    private <R> R changed(Step<R> step) throws IOException {
        changing.lock();
        try {
            return step.run();
        } finally {
            changing.unlock();
        }
    }

    /** What is done to a key that is there. */
    @FunctionalInterface
    private interface OnKey {
        Outcome<DkimKey> run(DkimKey key) throws IOException;
    }

    private Outcome<DkimKey> onKey(KeyName name, OnKey step) throws IOException {
        return changed(
                () -> {
                    Optional<DkimKey> key = key(name);
                    return key.isEmpty()
                            ? Outcome.refused(
                                    Problem.NOT_FOUND,
                                    "there is no key " + name.selector() + " of " + name.domain())
                            : step.run(key.get());
                });
    }
}
