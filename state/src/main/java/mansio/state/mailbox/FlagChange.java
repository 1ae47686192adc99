package mansio.state.mailbox;

/** What STORE asks for (RFC 9051 section 6.4.6). */
public record FlagChange(Mode mode, Flags flags) {
    /** FLAGS, +FLAGS, -FLAGS. */
    public enum Mode {
        REPLACE,
        ADD,
        REMOVE
    }

    Flags apply(Flags before) {
        return switch (mode) {
            case REPLACE -> flags;
            case ADD -> before.plus(flags);
            case REMOVE -> before.minus(flags);
        };
    }
}
