package mansio.state.rewrite;

import mansio.state.store.Key;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

/**
 * Keys and values of rules in the directory partition. Each value begins with a format number.
 *
 * <pre>
 * 35 kind side pattern -> RewriteRule
 * </pre>
 */
final class RewriteRows {
    static final Key RULES = Key.table(35);

    private static final int FORMAT = 1;

    private RewriteRows() {}

    static Key key(RewriteRule.Name name) {
        return RULES.u8(name.kind().code()).u8(name.side().code()).text(name.pattern().key());
    }

    static byte[] encode(RewriteRule rule) {
        return new ValueWriter()
                .u8(FORMAT)
                .u8(rule.kind().code())
                .u8(rule.side().code())
                .text(rule.pattern().text())
                .text(rule.target().text())
                .toBytes();
    }

    static RewriteRule rule(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("rule of format " + format);
        RewriteKind kind = RewriteKind.of(in.u8());
        RewriteSide side = RewriteSide.of(in.u8());
        RewritePattern pattern = RewritePattern.parse(in.text()).orElseThrow();
        return new RewriteRule(kind, pattern, side, RewriteTarget.parse(in.text()).orElseThrow());
    }
}
