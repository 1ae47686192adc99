package mansio.state.postfix;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.state.postfix.PostfixImport.Table;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewritePattern;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;
import mansio.state.rewrite.RewriteTarget;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of canonical(5) and generic(5).
 *
 * @param domain of targets without one; empty: such lines are dropped
 */
record RewriteLines(RewriteKind kind, RewriteSide side, Optional<Domain> domain) {
    /** All of a domain, or one address of it; dots are escaped. */
    private static final Pattern EXPRESSION =
            Pattern.compile(
                    "/(?:\\^?(?<all>\\(\\.[*+]\\))?|\\^(?<name>(?:[\\w=~-]|\\\\[.+])++))"
                            + "@(?<domain>[A-Za-z0-9-]+(?:\\\\\\.[A-Za-z0-9-]+)+)\\$/i?");

    private static final Pattern SAME_NAME = Pattern.compile("\\$(?:1|[({]1[)}])(@[^$@]+)");

    static RewriteLines of(Table table, Optional<Domain> domain) {
        RewriteKind kind = table == Table.GENERIC ? RewriteKind.GENERIC : RewriteKind.CANONICAL;
        RewriteSide side =
                switch (table) {
                    case SENDER_CANONICAL -> RewriteSide.SENDER;
                    case RECIPIENT_CANONICAL -> RewriteSide.RECIPIENT;
                    case CANONICAL, GENERIC, ALIASES, VIRTUAL, TRANSPORT, SENDER_RELAY ->
                            RewriteSide.BOTH;
                };
        return new RewriteLines(kind, side, domain);
    }

    /**
     * The same plans, with a note where a canonical rule leads to what another one changes: Postfix
     * goes on until nothing changes, and here a rule is applied once.
     */
    static List<Plan> warned(List<Plan> plans) {
        Map<String, RewriteRule> patterns = new HashMap<>();
        for (Plan plan : plans) {
            if (plan instanceof Plan.OneRewrite(RewriteRule rule, var _)
                    && rule.kind() == RewriteKind.CANONICAL) {
                patterns.put(rule.pattern().key(), rule);
            }
        }
        return plans.stream().map(it -> warned(it, patterns)).toList();
    }

    private static Plan warned(Plan plan, Map<String, RewriteRule> patterns) {
        if (!(plan instanceof Plan.OneRewrite(RewriteRule rule, var notes))
                || rule.kind() != RewriteKind.CANONICAL) return plan;
        Optional<RewriteRule> next =
                switch (rule.target()) {
                    case RewriteTarget.To(Address to) ->
                            at(patterns, new RewritePattern.Whole(to))
                                    .or(() -> to.domain().flatMap(it -> ofAll(patterns, it)));
                    case RewriteTarget.Into(Domain domain) -> ofAll(patterns, domain);
                };
        // What leads to itself ends there.
        if (next.filter(it -> !it.target().equals(rule.target())).isEmpty()) return plan;
        List<String> all = new ArrayList<>(notes);
        all.add(
                "the rule for "
                        + next.get().pattern().text()
                        + " is not applied to what comes of this: name the last address");
        return new Plan.OneRewrite(rule, all);
    }

    private static Optional<RewriteRule> ofAll(Map<String, RewriteRule> patterns, Domain domain) {
        return at(patterns, new RewritePattern.AllOf(domain));
    }

    private static Optional<RewriteRule> at(
            Map<String, RewriteRule> patterns, RewritePattern pattern) {
        return Optional.ofNullable(patterns.get(pattern.key()));
    }

    // pattern address
    Plan rule(TableLine line) {
        if (line.value().isEmpty()) {
            return new Plan.Dropped("there is nothing behind the pattern");
        }
        return line.isExpression() ? expression(line) : rule(line.key(), line.value(), List.of());
    }

    private Plan expression(TableLine line) {
        Matcher matcher = EXPRESSION.matcher(line.key());
        if (!matcher.matches()) {
            return new Plan.Dropped(
                    "a regular expression is taken over when it is of the form"
                            + " /^(.*)@example\\.org$/ or /^name@example\\.org$/");
        }
        String at = "@" + matcher.group("domain").replace("\\", "");
        String name = matcher.group("name");
        String value = line.value();
        if (matcher.group("all") != null) {
            Matcher same = SAME_NAME.matcher(value);
            value = same.matches() ? same.group(1) : value;
        }
        if (value.indexOf('$') >= 0) {
            return new Plan.Dropped("a rule leads to an address or to @domain, not to " + value);
        }
        String pattern = (name == null ? "" : name.replace("\\", "")) + at;
        return rule(pattern, value, List.of("a regular expression is the rule for " + pattern));
    }

    private Plan rule(String key, String value, List<String> notes) {
        Optional<RewritePattern> pattern = RewritePattern.parse(key);
        if (pattern.isEmpty()) {
            return new Plan.Dropped(key + " is neither an address nor a name nor @domain");
        }
        Optional<RewriteTarget> target = RewriteTarget.parse(value).or(() -> named(value));
        if (target.isEmpty()) {
            return new Plan.Dropped(
                    value.indexOf('@') < 0 && domain.isEmpty()
                            ? value + " has no domain; say which one it belongs to with --domain"
                            : value + " is neither an address nor @domain");
        }
        return new Plan.OneRewrite(new RewriteRule(kind, pattern.get(), side, target.get()), notes);
    }

    private Optional<RewriteTarget> named(String value) {
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new RewriteTarget.To(new Address(LocalPart.parse(value), domain.get())));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }
}
