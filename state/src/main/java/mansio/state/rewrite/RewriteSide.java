package mansio.state.rewrite;

import mansio.codec.message.HeaderRewriter.Side;

/** Which addresses a rule is for. The code is stored. */
public enum RewriteSide {
    /** Senders and recipients. */
    BOTH(0, ""),
    /** Senders, in the envelope and in From and its like. */
    SENDER(1, " (senders only)"),
    /** Recipients, in the envelope and in To and its like. */
    RECIPIENT(2, " (recipients only)");

    private final int code;
    private final String words;

    RewriteSide(int code, String words) {
        this.code = code;
        this.words = words;
    }

    int code() {
        return code;
    }

    static RewriteSide of(int code) {
        for (RewriteSide side : values()) if (side.code == code) return side;
        throw new IllegalStateException("side of rule " + code);
    }

    static RewriteSide of(Side side) {
        return switch (side) {
            case SENDER -> SENDER;
            case RECIPIENT -> RECIPIENT;
        };
    }

    /** What stands behind a rule that is not for all; empty for one that is. */
    public String words() {
        return words;
    }
}
