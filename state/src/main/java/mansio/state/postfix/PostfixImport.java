package mansio.state.postfix;

import mansio.codec.text.Domain;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.NewRoute;
import mansio.state.route.RoutePattern;
import mansio.state.route.Routes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes over a table of a Postfix. Every line that says something is reported: kept, changed, or
 * dropped with the reason; what can be kept is in effect when the call returns. Safe for use by any
 * thread.
 */
public final class PostfixImport {
    /** Lines that one call may bring. An alias may lead to another one of the same call. */
    public static final int MAX_LINES = AliasEditor.MAX_AT_ONCE;

    private final DirectoryEditor editor;
    private final AliasEditor aliases;
    private final Routes routes;
    private final Rewrites rewrites;

    public PostfixImport(
            DirectoryEditor editor, AliasEditor aliases, Routes routes, Rewrites rewrites) {
        this.editor = editor;
        this.aliases = aliases;
        this.routes = routes;
        this.rewrites = rewrites;
    }

    /** Which table it is. */
    public enum Table {
        /** aliases(5). */
        ALIASES,
        /** virtual(5). */
        VIRTUAL,
        /** transport(5). */
        TRANSPORT,
        /** sender_dependent_relayhost_maps of postconf(5). */
        SENDER_RELAY,
        /** canonical(5) for senders and recipients: canonical_maps of postconf(5). */
        CANONICAL,
        /** canonical(5) for senders. */
        SENDER_CANONICAL,
        /** canonical(5) for recipients. */
        RECIPIENT_CANONICAL,
        /** generic(5). */
        GENERIC
    }

    /** What became of a line. */
    public enum Fate {
        KEPT,
        CHANGED,
        DROPPED
    }

    /**
     * What became of one line.
     *
     * @param line counted from 1; the first one of a line that is continued
     * @param text its beginning
     * @param note what was changed, or why it was dropped; may be empty for what was kept
     */
    public record Result(int line, String text, Fate fate, String note) {}

    /**
     * Some lines of a table.
     *
     * @param lines at most {@value #MAX_LINES}, without their ends
     * @param firstLine the number of the first of them in the file
     * @param domain for names without one
     */
    public record Lines(Table table, List<String> lines, int firstLine, Optional<Domain> domain) {
        public Lines {
            lines = List.copyOf(lines);
            if (lines.size() > MAX_LINES) {
                throw new IllegalArgumentException(lines.size() + " lines at once");
            }
        }
    }

    /** Takes lines over, or says what would become of them. */
    public List<Result> take(Lines lines, AliasEditor.Mode mode) throws IOException {
        List<TableLine> found = TableLine.of(lines.lines(), lines.firstLine());
        List<Plan> plans = RewriteLines.warned(found.stream().map(it -> plan(lines, it)).toList());
        List<AliasInfo> wanted = new ArrayList<>();
        List<RewriteRule> rules = new ArrayList<>();
        for (Plan plan : plans) {
            if (plan instanceof Plan.OneAlias one) wanted.add(one.alias());
            if (plan instanceof Plan.OneRewrite one) rules.add(one.rule());
        }
        var added = aliases.addAll(wanted, mode).iterator();
        var ruled = rewrites.addAll(rules, mode).iterator();
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Outcome<?> outcome =
                    switch (plan) {
                        case Plan.OneAlias _ -> added.next();
                        case Plan.OneRewrite _ -> ruled.next();
                        case Plan.CatchAll _,
                                Plan.DomainAlias _,
                                Plan.OwnDomain _,
                                Plan.OneRoute _,
                                Plan.Dropped _ ->
                                carryOut(plan, mode);
                    };
            results.add(result(found.get(i), plan, outcome));
        }
        return results;
    }

    private static Plan plan(Lines lines, TableLine line) {
        if (line.isTooLong()) {
            return new Plan.Dropped("the line is too long");
        }
        return switch (lines.table()) {
            case ALIASES -> new AliasLines(lines.domain()).aliases(line);
            case VIRTUAL -> new AliasLines(lines.domain()).virtual(line);
            case TRANSPORT -> RouteLines.transport(line);
            case SENDER_RELAY -> RouteLines.senderRelay(line);
            case CANONICAL, SENDER_CANONICAL, RECIPIENT_CANONICAL, GENERIC ->
                    RewriteLines.of(lines.table(), lines.domain()).rule(line);
        };
    }

    /** All but aliases and rules, which were added together. */
    private Outcome<?> carryOut(Plan plan, AliasEditor.Mode mode) throws IOException {
        boolean apply = mode == AliasEditor.Mode.APPLY;
        return switch (plan) {
            case Plan.Dropped(String reason) -> Outcome.refused(Outcome.Problem.INVALID, reason);
            case Plan.OwnDomain(Domain domain) -> editor.domain(domain);
            case Plan.CatchAll all when apply ->
                    editor.setCatchAll(all.domain(), Optional.of(all.target()));
            case Plan.CatchAll all -> editor.domain(all.domain());
            case Plan.DomainAlias it when apply ->
                    editor.setAliasOf(it.domain(), Optional.of(it.other()));
            case Plan.DomainAlias it -> editor.domain(it.domain());
            case Plan.OneRoute route when RoutePattern.parse(route.pattern()).isEmpty() ->
                    Outcome.refused(
                            Outcome.Problem.UNSUPPORTED,
                            "a route is for a domain or a sender, not for " + route.pattern());
            case Plan.OneRoute route when isOurs(route) ->
                    Outcome.refused(
                            Outcome.Problem.INVALID,
                            "mail for a domain of this server needs no route");
            case Plan.OneRoute route when apply ->
                    routes.add(NewRoute.of(route.pattern(), route.target()), Routes.IfThere.REFUSE);
            case Plan.OneRoute _, Plan.OneAlias _, Plan.OneRewrite _ -> Outcome.done(plan);
        };
    }

    private boolean isOurs(Plan.OneRoute route) throws IOException {
        return RoutePattern.parse(route.pattern()).orElse(null)
                        instanceof RoutePattern.Exact(var it)
                && editor.domain(it) instanceof Outcome.Done;
    }

    private static Result result(TableLine line, Plan plan, Outcome<?> outcome) {
        List<String> notes =
                switch (plan) {
                    case Plan.OneAlias it -> it.notes();
                    case Plan.CatchAll it -> it.notes();
                    case Plan.OneRoute it -> it.notes();
                    case Plan.OneRewrite it -> it.notes();
                    case Plan.DomainAlias _, Plan.OwnDomain _, Plan.Dropped _ -> List.of();
                };
        String text = line.text().substring(0, Math.min(line.text().length(), 60));
        return switch (outcome) {
            case Outcome.Refused<?>(Outcome.Problem _, String sentence) ->
                    new Result(line.number(), text, Fate.DROPPED, sentence);
            case Outcome.Done<?> _ ->
                    new Result(
                            line.number(),
                            text,
                            notes.isEmpty() ? Fate.KEPT : Fate.CHANGED,
                            String.join("; ", notes));
        };
    }
}
