package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewritePattern;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code rewrite remove}. */
public record RemoveRewrite(RewriteKind kind, String pattern, RewriteSide side)
        implements Operation<RemoveRewrite.Removed> {
    /** It is gone. */
    public record Removed(RewriteFacts rule) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("Removed: " + rule.line());
        }
    }

    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        Optional<RewritePattern> parsed = RewritePattern.parse(pattern);
        if (parsed.isEmpty()) {
            return Outcome.refused(Problem.INVALID, "'" + pattern + "' is no pattern");
        }
        return rooms.ways()
                .rewrites()
                .remove(new RewriteRule.Name(kind, parsed.get(), side))
                .map(rule -> new Removed(RewriteFacts.of(rule)));
    }
}
