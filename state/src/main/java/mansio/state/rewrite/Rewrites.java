package mansio.state.rewrite;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.AliasEditor.Mode;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.directory.StoredDirectory;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rules, as they stand in the directory partition and in memory. Questions read one table that
 * never changes; a change is written first and then replaces it.
 *
 * <p>Safe for use by any thread. The lock is held around a whole change, its disk write included.
 */
public final class Rewrites {
    /** There are never more. */
    public static final int MAX_RULES = 20_000;

    /** Rules that one call adds. */
    public static final int MAX_AT_ONCE = 2_000;

    /** Octets of a pattern, which is a key of the store. */
    private static final int MAX_PATTERN = 400;

    private static final int PAGE = 1_000;

    private final Partition partition;
    private final StoredDirectory directory;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile RewriteTable table;

    private Rewrites(Partition partition, StoredDirectory directory) throws IOException {
        this.partition = partition;
        this.directory = directory;
        this.table = load(partition);
    }

    /**
     * Reads the rules.
     *
     * @param partition the directory partition
     * @param directory knows which domains are ours
     */
    public static Rewrites open(Partition partition, StoredDirectory directory) throws IOException {
        return new Rewrites(partition, directory);
    }

    private static RewriteTable load(Partition partition) throws IOException {
        List<RewriteRule> all = new ArrayList<>();
        Range range = Range.prefix(RewriteRows.RULES);
        Page page;
        do {
            page = partition.scan(range, Reads.Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            page.entries().forEach(entry -> all.add(RewriteRows.rule(entry.value())));
            if (page.more()) range = new Range(page.entries().getLast().key().next(), range.to());
        } while (page.more());
        return new RewriteTable(all);
    }

    /** All rules: canonical ones first, each kind in the order of its patterns. */
    public List<RewriteRule> all() {
        return table.all();
    }

    /** True when there are rules of this kind. */
    public boolean any(RewriteKind kind) {
        return !table.isEmpty(kind);
    }

    /**
     * What an address becomes; empty when it stays as it is. A rule is applied once: what it leads
     * to is not looked up again.
     *
     * @throws IOException when it cannot be told
     */
    public Optional<Address> map(RewriteKind kind, Address address, Side side) throws IOException {
        RewriteTable now = table;
        Optional<Domain> domain = address.domain();
        if (now.isEmpty(kind) || domain.isEmpty()) return Optional.empty();
        return now.map(
                new RewriteTable.Question(
                        kind, address, RewriteSide.of(side), directory.separators(domain.get())));
    }

    /**
     * True when a rule changes mail of this sender, or may change mail of another into its.
     *
     * @throws IOException when it cannot be told
     */
    public boolean touchesSender(RewriteKind kind, Address address) throws IOException {
        RewriteTable now = table;
        Optional<Domain> domain = address.domain();
        if (now.isEmpty(kind) || domain.isEmpty()) return false;
        var question =
                new RewriteTable.Question(
                        kind, address, RewriteSide.SENDER, directory.separators(domain.get()));
        return now.map(question).isPresent() || now.leadsTo(question);
    }

    /** Adds a rule. */
    public Outcome<RewriteRule> add(RewriteRule rule) throws IOException {
        return addAll(List.of(rule), Mode.APPLY).getFirst();
    }

    /**
     * Adds those that can be added, in one write.
     *
     * @param wanted at most {@value #MAX_AT_ONCE}
     * @return an outcome for each, in their order
     */
    public List<Outcome<RewriteRule>> addAll(List<RewriteRule> wanted, Mode mode)
            throws IOException {
        if (wanted.size() > MAX_AT_ONCE) {
            throw new IllegalArgumentException(wanted.size() + " rules at once");
        }
        changing.lock();
        try {
            List<Outcome<RewriteRule>> outcomes = new ArrayList<>();
            List<RewriteRule> added = new ArrayList<>();
            RewriteTable trial = table;
            Set<RewriteRule.Name> names = new HashSet<>();
            for (RewriteRule rule : wanted) {
                Outcome<RewriteRule> outcome = wrong(trial, names, rule);
                if (outcome instanceof Outcome.Done<RewriteRule>) {
                    names.add(rule.name().folded());
                    added.add(rule);
                }
                outcomes.add(outcome);
            }
            if (mode == Mode.APPLY && !added.isEmpty()) {
                partition.write(
                        turn -> {
                            added.forEach(
                                    it ->
                                            turn.put(
                                                    RewriteRows.key(it.name()),
                                                    RewriteRows.encode(it)));
                            return true;
                        });
                table = trial.with(added);
            }
            return outcomes;
        } finally {
            changing.unlock();
        }
    }

    /** Done when nothing stands against it. */
    private static Outcome<RewriteRule> wrong(
            RewriteTable table, Set<RewriteRule.Name> added, RewriteRule rule) {
        if (rule.pattern().key().getBytes(StandardCharsets.UTF_8).length > MAX_PATTERN) {
            return Outcome.refused(Problem.INVALID, "the pattern is too long");
        }
        if (rule.target() instanceof RewriteTarget.To(Address to) && to.needsUtf8()) {
            return Outcome.refused(
                    Problem.INVALID,
                    to.toDisplay()
                            + " has letters before the @ that not every server takes; a rule"
                            + " leads to ASCII");
        }
        boolean there =
                table.named(rule.name()).isPresent() || added.contains(rule.name().folded());
        if (there) {
            return Outcome.refused(
                    Problem.EXISTS,
                    "there is a " + rule.name() + " already; remove that one first");
        }
        return table.size() + added.size() >= MAX_RULES
                ? Outcome.refused(Problem.INVALID, "there are " + MAX_RULES + " rules already")
                : Outcome.done(rule);
    }

    /** Removes a rule. */
    public Outcome<RewriteRule> remove(RewriteRule.Name name) throws IOException {
        changing.lock();
        try {
            Optional<RewriteRule> rule = table.named(name);
            if (rule.isEmpty()) {
                return Outcome.refused(Problem.NOT_FOUND, "there is no " + name);
            }
            partition.writeFreeing(
                    turn -> {
                        turn.delete(RewriteRows.key(name));
                        return true;
                    });
            table = load(partition);
            return Outcome.done(rule.get());
        } finally {
            changing.unlock();
        }
    }
}
