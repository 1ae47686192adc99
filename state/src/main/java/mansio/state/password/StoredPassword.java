package mansio.state.password;

/**
 * What is kept to check a password; the password cannot be read from it. Immutable. {@link
 * #matches} computes for up to a second: call it through {@link PasswordHasher} only.
 */
public sealed interface StoredPassword
        permits Argon2Hash, ShaCrypt, Bcrypt, DovecotPbkdf2, SaltedSha {
    /** Longest password that is looked at, in octets. Longer ones match nothing. */
    int MAX_PASSWORD_OCTETS = 1024;

    /** Longest text of a stored password, in chars. */
    int MAX_TEXT = 1024;

    /** True when this was made of the given octets. Takes the same time whichever octet differs. */
    boolean matches(byte[] password);

    /** The form that {@link SchemeParser} reads back: {@code {SCHEME}data}. */
    String text();

    /** Memory that {@link #matches} needs, in MiB, rounded up. */
    int memoryMiB();
}
