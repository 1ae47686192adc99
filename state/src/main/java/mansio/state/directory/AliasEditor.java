package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Changes to aliases, as {@link DirectoryEditor} makes them: decided and written at one moment, in
 * effect when the method returns. Safe for use by any thread.
 */
public final class AliasEditor {
    /** Targets of one alias. */
    public static final int MAX_TARGETS = 500;

    /** Characters of a comment. */
    public static final int MAX_COMMENT = 500;

    private final StoredDirectory directory;

    public AliasEditor(StoredDirectory directory) {
        this.directory = directory;
    }

    /**
     * Adds an alias.
     *
     * @param wanted its address may have a pattern as local part: {@code info-*}, or a regular
     *     expression between slashes; its targets, if they are ours, must exist
     */
    public Outcome<AliasInfo> add(AliasInfo wanted) throws IOException {
        return directory.change((tables, changes) -> add(tables, wanted, changes));
    }

    /** The decision of {@link #add(AliasInfo)}, also for imports that add many at once. */
    Outcome<AliasInfo> add(Tables tables, AliasInfo wanted, Consumer<Change> changes) {
        Optional<Outcome<AliasInfo>> wrong = wrong(tables, wanted);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        changes.accept(
                new Change.PutAddress(
                        new AddressEntry.Alias(
                                wanted.address(),
                                wanted.targets(),
                                wanted.enabled(),
                                wanted.comment())));
        return Outcome.done(wanted);
    }

    /** Aliases that {@link #addAll} takes at once. */
    public static final int MAX_AT_ONCE = StoredDirectory.MAX_CHANGES;

    /** Whether a change is made or only tried. */
    public enum Mode {
        APPLY,
        DRY_RUN
    }

    /**
     * Adds those that can be added, in one write; they may lead to each other in any order.
     *
     * @param wanted at most {@value #MAX_AT_ONCE}
     * @return an outcome for each, in their order
     */
    public List<Outcome<AliasInfo>> addAll(List<AliasInfo> wanted, Mode mode) throws IOException {
        if (wanted.size() > MAX_AT_ONCE) {
            throw new IllegalArgumentException(wanted.size() + " aliases at once");
        }
        List<Outcome<AliasInfo>> outcomes = new ArrayList<>();
        directory.change(
                (tables, changes) -> {
                    Tables trial = tables.copy();
                    Consumer<Change> sink = mode == Mode.APPLY ? changes : _ -> {};
                    wanted.forEach(it -> outcomes.add(tried(trial, it, sink)));
                    boolean more = true;
                    while (more) {
                        more = false;
                        for (int i = 0; i < outcomes.size(); i++) {
                            if (outcomes.get(i) instanceof Outcome.Refused<AliasInfo> refused
                                    && refused.problem() == Outcome.Problem.NOT_FOUND) {
                                outcomes.set(i, tried(trial, wanted.get(i), sink));
                                more |= outcomes.get(i) instanceof Outcome.Done<AliasInfo>;
                            }
                        }
                    }
                    return Outcome.done(outcomes);
                });
        return outcomes;
    }

    private Outcome<AliasInfo> tried(Tables trial, AliasInfo wanted, Consumer<Change> changes) {
        List<Change> made = new ArrayList<>();
        Outcome<AliasInfo> outcome = add(trial, wanted, made::add);
        made.forEach(trial::apply);
        made.forEach(changes);
        return outcome;
    }

    private static Optional<Outcome<AliasInfo>> wrong(Tables tables, AliasInfo wanted) {
        List<Address> targets = wanted.targets();
        if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
            return Rules.invalid("an alias leads to 1 to " + MAX_TARGETS + " addresses");
        }
        Optional<Outcome<AliasInfo>> wrong =
                wrongComment(wanted.comment())
                        .or(() -> Rules.wrongPattern(tables, wanted.address()))
                        .or(() -> Rules.wrongNewAddress(tables, wanted.address()));
        if (wrong.isPresent()) {
            return wrong;
        }
        boolean pattern = AliasPattern.isPattern(wanted.address().localPart());
        for (Address target : targets) {
            boolean filledLater = pattern && AliasPattern.hasPlaces(target);
            wrong = filledLater ? Optional.empty() : Rules.wrongTarget(tables, target);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<Outcome<AliasInfo>> wrongComment(String comment) {
        boolean good =
                comment.length() <= MAX_COMMENT
                        && comment.chars().noneMatch(Character::isISOControl);
        return good
                ? Optional.empty()
                : Rules.invalid("a comment is one line of at most " + MAX_COMMENT + " characters");
    }

    /** Removes an alias that no other alias and no catch-all leads to. */
    public Outcome<AliasInfo> remove(Address address) throws IOException {
        return with(
                address,
                (tables, alias, changes) -> {
                    Optional<Outcome<AliasInfo>> used = Rules.usedBy(tables, address);
                    if (used.isPresent()) {
                        return used.get();
                    }
                    changes.accept(
                            new Change.DropAddress(AddressKey.of(alias.address()).orElseThrow()));
                    return Outcome.done(alias.info());
                });
    }

    /** Switches an alias on or off. Nobody has the address of one that is off. */
    public Outcome<AliasInfo> setEnabled(Address address, boolean enabled) throws IOException {
        return with(
                address,
                (_, it, changes) ->
                        put(
                                new AddressEntry.Alias(
                                        it.address(), it.targets(), enabled, it.comment()),
                                changes));
    }

    /** Says what an alias is for; empty takes the comment away. */
    public Outcome<AliasInfo> setComment(Address address, String comment) throws IOException {
        Optional<Outcome<AliasInfo>> wrong = wrongComment(comment);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        return with(
                address,
                (_, it, changes) ->
                        put(
                                new AddressEntry.Alias(
                                        it.address(), it.targets(), it.enabled(), comment),
                                changes));
    }

    /** All aliases, or those of one domain, in the order of their addresses. */
    public List<AliasInfo> list(Optional<Domain> domain) throws IOException {
        List<AliasInfo> found =
                directory.read(
                        tables ->
                                tables.addresses().stream()
                                        .filter(it -> Rules.isIn(domain, it.address()))
                                        .filter(AddressEntry.Alias.class::isInstance)
                                        .map(AddressEntry.Alias.class::cast)
                                        .map(AddressEntry.Alias::info)
                                        .toList());
        return found.stream()
                .sorted(Comparator.comparing(it -> Rules.sortKey(it.address())))
                .toList();
    }

    @FunctionalInterface
    private interface AliasDecision {
        Outcome<AliasInfo> decide(
                Tables tables, AddressEntry.Alias alias, Consumer<Change> changes);
    }

    private Outcome<AliasInfo> with(Address address, AliasDecision decision) throws IOException {
        return directory.change(
                (tables, changes) ->
                        AddressKey.of(address).flatMap(tables::address).orElse(null)
                                        instanceof AddressEntry.Alias alias
                                ? decision.decide(tables, alias, changes)
                                : Outcome.refused(
                                        Outcome.Problem.NOT_FOUND,
                                        "there is no alias " + AliasPattern.show(address)));
    }

    private static Outcome<AliasInfo> put(AddressEntry.Alias alias, Consumer<Change> changes) {
        changes.accept(new Change.PutAddress(alias));
        return Outcome.done(alias.info());
    }
}
