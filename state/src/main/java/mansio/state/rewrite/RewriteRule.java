package mansio.state.rewrite;

/** A rule. There is at most one for each kind, pattern and side. */
public record RewriteRule(
        RewriteKind kind, RewritePattern pattern, RewriteSide side, RewriteTarget target) {
    /** What it is known by. */
    public record Name(RewriteKind kind, RewritePattern pattern, RewriteSide side) {
        /** Equal for names of one rule. */
        Name folded() {
            return new Name(kind, RewritePattern.parse(pattern.key()).orElse(pattern), side);
        }

        /** As people read it. */
        @Override
        public String toString() {
            return kind.text() + " rule for " + pattern.text() + side.words();
        }
    }

    /** What it is known by. */
    public Name name() {
        return new Name(kind, pattern, side);
    }
}
