package mansio.state.store;

/** Something that {@link Store#verify} found, in words. */
public record Finding(Severity severity, String text) {
    /** How bad it is. */
    public enum Severity {
        /** Something is missing or cannot be read. */
        DAMAGE,
        /** Something takes space that nobody will free. */
        WASTE
    }

    public static Finding damage(String text) {
        return new Finding(Severity.DAMAGE, text);
    }

    public static Finding waste(String text) {
        return new Finding(Severity.WASTE, text);
    }
}
