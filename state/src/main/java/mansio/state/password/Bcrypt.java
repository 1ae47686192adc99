package mansio.state.password;

import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * bcrypt as crypt writes it: {@code $2a$}, {@code $2b$} or {@code $2y$}, two digits of cost, 53
 * characters.
 *
 * @param hash with its prefix
 */
public record Bcrypt(String hash) implements StoredPassword {
    private static final int LENGTH = 60;

    /** Each step doubles the work: 14 is about a second. */
    static final int MAX_COST = 14;

    private static final int MIN_COST = 4;
    private static final String ALPHABET =
            "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Reads the part behind {@code {BLF-CRYPT}}. */
    static Bcrypt parse(String data) throws UnusableHashException {
        boolean shaped =
                data.length() == LENGTH
                        && (data.startsWith("$2a$")
                                || data.startsWith("$2b$")
                                || data.startsWith("$2y$"))
                        && data.charAt(6) == '$'
                        && data.chars().skip(7).allMatch(c -> ALPHABET.indexOf(c) >= 0);
        if (!shaped) {
            throw new UnusableHashException("the hash is not a complete $2a$, $2b$ or $2y$ hash");
        }
        int cost = digit(data, 4) * 10 + digit(data, 5);
        if (cost < MIN_COST || cost > MAX_COST) {
            throw new UnusableHashException(
                    "the bcrypt cost " + cost + " is not " + MIN_COST + " to " + MAX_COST);
        }
        return new Bcrypt(data);
    }

    private static int digit(String data, int index) throws UnusableHashException {
        char c = data.charAt(index);
        if (c < '0' || c > '9') {
            throw new UnusableHashException("the bcrypt cost is not a number");
        }
        return c - '0';
    }

    @Override
    public boolean matches(byte[] password) {
        return password.length <= MAX_PASSWORD_OCTETS
                && OpenBSDBCrypt.checkPassword(hash, password);
    }

    @Override
    public String text() {
        return "{BLF-CRYPT}" + hash;
    }

    @Override
    public int memoryMiB() {
        return 1;
    }

    @Override
    public String toString() {
        return "Bcrypt[" + hash.substring(0, 6) + "]";
    }
}
