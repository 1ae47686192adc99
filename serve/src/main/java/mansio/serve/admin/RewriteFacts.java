package mansio.serve.admin;

import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;

/** A rule as administrators see it. */
public record RewriteFacts(RewriteKind kind, String pattern, String target, RewriteSide side) {
    static RewriteFacts of(RewriteRule rule) {
        return new RewriteFacts(
                rule.kind(), rule.pattern().text(), rule.target().text(), rule.side());
    }

    /** One line. */
    String line() {
        return kind.text() + ": " + pattern + " -> " + target + side.words();
    }
}
