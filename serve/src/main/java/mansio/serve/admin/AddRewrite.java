package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewritePattern;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;
import mansio.state.rewrite.RewriteTarget;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code rewrite add}. */
public record AddRewrite(RewriteKind kind, String pattern, String target, RewriteSide side)
        implements Operation<AddRewrite.Added> {
    /** It holds from now on. */
    public record Added(RewriteFacts rule) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(rule.line());
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        Optional<RewritePattern> from = RewritePattern.parse(pattern);
        Optional<RewriteTarget> to = RewriteTarget.parse(target);
        if (from.isEmpty()) {
            return Outcome.refused(
                    Problem.INVALID,
                    "'" + pattern + "' is neither an address nor a name nor @domain");
        }
        if (to.isEmpty()) {
            return Outcome.refused(
                    Problem.INVALID, "'" + target + "' is neither an address nor @domain");
        }
        return rooms.ways()
                .rewrites()
                .add(new RewriteRule(kind, from.get(), side, to.get()))
                .map(rule -> new Added(RewriteFacts.of(rule)));
    }
}
