package mansio.state.password;

/** A stored password that cannot be taken over. The message is a sentence part for a report. */
public final class UnusableHashException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableHashException(String reason) {
        super(reason, null, false, false);
    }

    /** Why, such as {@code the scheme MD5-CRYPT is too weak}. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
