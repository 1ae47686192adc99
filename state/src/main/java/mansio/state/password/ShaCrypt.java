package mansio.state.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-crypt: {@code $5$} (SHA-256) and {@code $6$} (SHA-512), after "Unix crypt using SHA-256 and
 * SHA-512" by U. Drepper, version 0.6. The step numbers are those of that text.
 *
 * @param digest which of the two
 * @param rounds as computed with, the default included
 * @param hash in the 64-character alphabet of crypt
 */
public record ShaCrypt(Digest digest, int rounds, String salt, String hash)
        implements StoredPassword {
    private static final int DEFAULT_ROUNDS = 5_000;
    private static final int MIN_ROUNDS = 1_000;

    /**
     * The specification allows 999,999,999, which are twenty minutes of a core; this is about one
     * second.
     */
    static final int MAX_ROUNDS = 500_000;

    private static final int MAX_SALT = 16;
    private static final String ROUNDS = "rounds=";
    private static final String ALPHABET =
            "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** The hash function and how its octets are permuted. */
    enum Digest {
        SHA256("$5$", 32, 21),
        SHA512("$6$", 64, 22);

        private final String prefix;
        private final int length;
        private final int stride;

        /**
         * @param length of the hash in octets
         * @param stride between the octets of one group of four characters and the next
         */
        Digest(String prefix, int length, int stride) {
            this.prefix = prefix;
            this.length = length;
            this.stride = stride;
        }

        String prefix() {
            return prefix;
        }

        private MessageDigest start() {
            try {
                return MessageDigest.getInstance("SHA-" + 8 * length);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private String scheme() {
            return "{" + name() + "-CRYPT}";
        }

        /** A third of the octets that are encoded three by three; one or two are left. */
        private int third() {
            return length / 3;
        }

        private int hashChars() {
            return (length * 8 + 5) / 6;
        }
    }

    /** Reads {@code $6$[rounds=N$]salt$hash}. */
    static ShaCrypt parse(Digest digest, String data) throws UnusableHashException {
        if (!data.startsWith(digest.prefix)) {
            throw new UnusableHashException("the hash does not begin with " + digest.prefix);
        }
        String rest = data.substring(digest.prefix.length());
        int rounds = DEFAULT_ROUNDS;
        if (rest.startsWith(ROUNDS)) {
            int end = Math.max(rest.indexOf('$'), ROUNDS.length());
            rounds = rounds(rest.substring(ROUNDS.length(), end));
            rest = rest.substring(end + 1);
        }
        int dollar = rest.indexOf('$');
        if (dollar < 0 || dollar > MAX_SALT || !isHash(digest, rest.substring(dollar + 1))) {
            throw new UnusableHashException(
                    "the hash is not a complete " + digest.prefix + " hash");
        }
        return new ShaCrypt(digest, rounds, rest.substring(0, dollar), rest.substring(dollar + 1));
    }

    private static int rounds(String text) throws UnusableHashException {
        int rounds;
        try {
            rounds = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UnusableHashException("rounds= is not a number");
        }
        if (rounds > MAX_ROUNDS) {
            throw new UnusableHashException("more than " + MAX_ROUNDS + " rounds");
        }
        return Math.max(rounds, MIN_ROUNDS);
    }

    private static boolean isHash(Digest digest, String hash) {
        return hash.length() == digest.hashChars()
                && hash.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }

    /** Computes the hash part. */
    static String compute(Digest digest, byte[] key, byte[] salt, int rounds) {
        byte[] sum = first(digest, key, salt);
        byte[] p = stretch(repeated(digest, key, key.length), key.length);
        byte[] s = stretch(repeated(digest, salt, 16 + (sum[0] & 0xFF)), salt.length);
        MessageDigest md = digest.start();
        for (int i = 0; i < rounds; i++) { // Step 21.
            md.update(i % 2 != 0 ? p : sum);
            if (i % 3 != 0) {
                md.update(s);
            }
            if (i % 7 != 0) {
                md.update(p);
            }
            md.update(i % 2 != 0 ? sum : p);
            sum = md.digest();
        }
        return encode(digest, sum);
    }

    /** Steps 1 to 12: digest A. */
    private static byte[] first(Digest digest, byte[] key, byte[] salt) {
        MessageDigest md = digest.start();
        md.update(key);
        md.update(salt);
        byte[] b = md.digest(key);
        md.update(key);
        md.update(salt);
        md.update(stretch(b, key.length));
        for (int bits = key.length; bits > 0; bits >>= 1) {
            md.update((bits & 1) != 0 ? b : key);
        }
        return md.digest();
    }

    /** Steps 13 to 15 and 17 to 19: the digest of something said many times. */
    private static byte[] repeated(Digest digest, byte[] what, int times) {
        MessageDigest md = digest.start();
        for (int i = 0; i < times; i++) {
            md.update(what);
        }
        return md.digest();
    }

    /** Steps 16 and 20: a digest repeated and cut to a length. */
    private static byte[] stretch(byte[] digest, int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            result[i] = digest[i % digest.length];
        }
        return result;
    }

    /** Step 22: three octets to four characters, in an order of its own. */
    private static String encode(Digest digest, byte[] sum) {
        StringBuilder out = new StringBuilder(digest.hashChars());
        int third = digest.third();
        int cycle = 3 * third;
        int at = 0;
        for (int i = 0; i < third; i++) {
            int a = at % cycle;
            int b = (at + third) % cycle;
            int c = (at + 2 * third) % cycle;
            append(out, bits(sum[a], sum[b], sum[c]), 4);
            at += digest.stride;
        }
        switch (digest) {
            case SHA256 -> append(out, bits((byte) 0, sum[31], sum[30]), 3);
            case SHA512 -> append(out, bits((byte) 0, (byte) 0, sum[63]), 2);
        }
        return out.toString();
    }

    private static int bits(byte high, byte middle, byte low) {
        return (high & 0xFF) << 16 | (middle & 0xFF) << 8 | (low & 0xFF);
    }

    private static void append(StringBuilder out, int bits, int chars) {
        for (int i = 0; i < chars; i++) {
            out.append(ALPHABET.charAt(bits >>> (6 * i) & 0x3F));
        }
    }

    @Override
    public boolean matches(byte[] password) {
        if (password.length > MAX_PASSWORD_OCTETS) {
            return false;
        }
        String computed = compute(digest, password, salt.getBytes(StandardCharsets.UTF_8), rounds);
        return MessageDigest.isEqual(
                computed.getBytes(StandardCharsets.US_ASCII),
                hash.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String text() {
        return digest.scheme() + digest.prefix + "rounds=" + rounds + "$" + salt + "$" + hash;
    }

    @Override
    public int memoryMiB() {
        return 1;
    }

    @Override
    public String toString() {
        return "ShaCrypt[" + digest + ", rounds=" + rounds + "]";
    }
}
