package mansio.state.rewrite;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All rules at one moment. Immutable. */
final class RewriteTable {
    /** What parts user and detail in a domain that is not ours. */
    private static final String USUAL_SEPARATORS = "+";

    private final Map<Slot, RewriteRule> rules;
    private final Map<RewriteKind, Integer> counts = new EnumMap<>(RewriteKind.class);

    /** What rules lead to, as the patterns that fit it. */
    private final Set<Slot> targets = new HashSet<>();

    /** Where a rule stands. */
    private record Slot(RewriteKind kind, RewriteSide side, String key) {
        static Slot of(RewriteRule.Name name) {
            return new Slot(name.kind(), name.side(), name.pattern().key());
        }
    }

    /**
     * A question.
     *
     * @param separators of the address's domain; empty when that is not ours
     */
    record Question(
            RewriteKind kind, Address address, RewriteSide side, Optional<String> separators) {}

    RewriteTable(Collection<RewriteRule> all) {
        rules = new HashMap<>();
        for (RewriteRule rule : all) {
            rules.put(Slot.of(rule.name()), rule);
            counts.merge(rule.kind(), 1, Integer::sum);
            RewritePattern fits =
                    switch (rule.target()) {
                        case RewriteTarget.To(Address to) -> new RewritePattern.Whole(to);
                        case RewriteTarget.Into(Domain domain) -> new RewritePattern.AllOf(domain);
                    };
            targets.add(new Slot(rule.kind(), rule.side(), fits.key()));
        }
    }

    /** By kind, then as their patterns read. */
    List<RewriteRule> all() {
        return rules.values().stream()
                .sorted(
                        Comparator.comparing(RewriteRule::kind)
                                .thenComparing(it -> it.pattern().key())
                                .thenComparing(RewriteRule::side))
                .toList();
    }

    int size() {
        return rules.size();
    }

    boolean isEmpty(RewriteKind kind) {
        return !counts.containsKey(kind);
    }

    Optional<RewriteRule> named(RewriteRule.Name name) {
        return Optional.ofNullable(rules.get(Slot.of(name)));
    }

    /** This table with more rules, which take the places of those that are there. */
    RewriteTable with(Collection<RewriteRule> more) {
        Map<Slot, RewriteRule> all = new TreeMap<>(Comparator.comparing(Slot::toString));
        rules.forEach(all::put);
        more.forEach(rule -> all.put(Slot.of(rule.name()), rule));
        return new RewriteTable(all.values());
    }

    /** What an address becomes; empty when it stays. What it becomes is not looked up again. */
    Optional<Address> map(Question question) {
        Optional<Domain> domain = question.address.domain();
        if (domain.isEmpty() || isEmpty(question.kind)) return Optional.empty();
        List<Split> splits =
                splits(
                        question.address.localPart().text(),
                        question.separators.orElse(USUAL_SEPARATORS));
        for (Split split : splits) {
            var pattern = new RewritePattern.Whole(new Address(split.name, domain.get()));
            Optional<RewriteRule> rule = rule(question, pattern);
            if (rule.isPresent()) return changed(rule.get(), question.address, split.detail);
        }
        if (question.separators.isPresent()) {
            for (Split split : splits) {
                Optional<RewriteRule> rule = rule(question, new RewritePattern.Local(split.name));
                if (rule.isPresent()) return changed(rule.get(), question.address, split.detail);
            }
        }
        return rule(question, new RewritePattern.AllOf(domain.get()))
                .flatMap(rule -> changed(rule, question.address, ""));
    }

    /** True when a rule may make this address, with a detail or without, of another. */
    boolean leadsTo(Question question) {
        Optional<Domain> domain = question.address.domain();
        if (domain.isEmpty() || isEmpty(question.kind)) return false;
        String separators = question.separators.orElse(USUAL_SEPARATORS);
        return isTarget(question, new RewritePattern.AllOf(domain.get()))
                || splits(question.address.localPart().text(), separators).stream()
                        .map(it -> new RewritePattern.Whole(new Address(it.name, domain.get())))
                        .anyMatch(it -> isTarget(question, it));
    }

    private boolean isTarget(Question question, RewritePattern pattern) {
        return targets.contains(new Slot(question.kind, question.side, pattern.key()))
                || targets.contains(new Slot(question.kind, RewriteSide.BOTH, pattern.key()));
    }

    /** One for this side, or one for both. */
    private Optional<RewriteRule> rule(Question question, RewritePattern pattern) {
        return named(new RewriteRule.Name(question.kind, pattern, question.side))
                .or(() -> named(new RewriteRule.Name(question.kind, pattern, RewriteSide.BOTH)));
    }

    private static Optional<Address> changed(RewriteRule rule, Address address, String detail) {
        Address changed;
        try {
            changed =
                    switch (rule.target()) {
                        case RewriteTarget.Into(Domain domain) ->
                                new Address(address.localPart(), domain);
                        case RewriteTarget.To(Address to) ->
                                new Address(
                                        new LocalPart(to.localPart().text() + detail), to.host());
                    };
        } catch (SyntaxException e) {
            return Optional.empty(); // Too long with its detail.
        }
        return Optional.of(changed).filter(it -> !it.equals(address));
    }

    /**
     * A local part as user and detail.
     *
     * @param detail with the separator in front; empty when there is none
     */
    private record Split(LocalPart name, String detail) {}

    /** The whole local part first, then shorter ones. */
    private static List<Split> splits(String local, String separators) {
        List<Split> splits = new ArrayList<>(2);
        splits.add(new Split(new LocalPart(local), ""));
        for (int i = local.length() - 1; i > 0; i--) {
            if (separators.indexOf(local.charAt(i)) >= 0) {
                splits.add(new Split(new LocalPart(local.substring(0, i)), local.substring(i)));
            }
        }
        return splits;
    }
}
