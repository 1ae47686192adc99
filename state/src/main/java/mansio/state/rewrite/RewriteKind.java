package mansio.state.rewrite;

import java.util.Locale;
import java.util.Optional;

/** When a rule is applied. The code is stored. */
public enum RewriteKind {
    /** As own mail comes in. */
    CANONICAL(1),
    /** As own mail leaves for another server. */
    GENERIC(2);

    private final int code;

    RewriteKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RewriteKind of(int code) {
        for (RewriteKind kind : values()) if (kind.code == code) return kind;
        throw new IllegalStateException("kind of rule " + code);
    }

    /** Reads what {@link #text} gives. */
    public static Optional<RewriteKind> parse(String text) {
        for (RewriteKind kind : values()) if (kind.text().equals(text)) return Optional.of(kind);
        return Optional.empty();
    }

    /** As people write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
