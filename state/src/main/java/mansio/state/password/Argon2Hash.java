package mansio.state.password;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

import java.security.MessageDigest;
import java.util.Base64;

/**
 * Argon2id or Argon2i (RFC 9106), version 19, written as {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$tag}.
 *
 * @param type {@code argon2id} or {@code argon2i}
 */
public record Argon2Hash(String type, Costs costs, byte[] salt, byte[] tag)
        implements StoredPassword {
    private static final int MIN_SALT = 8;
    private static final int MAX_SALT = 64;
    private static final int MIN_TAG = 16;
    private static final int MAX_TAG = 64;
    private static final int OWN_TAG = 32;

    /**
     * What one computation costs.
     *
     * @param memoryKiB 8 for each lane at least, {@value #MAX_MEMORY_KIB} at most
     * @param passes 1 to {@value #MAX_PASSES}
     * @param lanes 1 to {@value #MAX_LANES}
     */
    public record Costs(int memoryKiB, int passes, int lanes) {
        /** What imported hashes may ask for: Dovecot's {ARGON2ID} takes 64 MiB. */
        public static final int MAX_MEMORY_KIB = 64 << 10;

        /** Passes of an imported hash. */
        public static final int MAX_PASSES = 16;

        /** Lanes of an imported hash. */
        public static final int MAX_LANES = 8;

        /** For passwords set here: the second of OWASP's equivalent choices; 30 ms of one core. */
        public static final Costs OWN = new Costs(19 << 10, 2, 1);

        public Costs {
            boolean fits =
                    memoryKiB >= 8 * lanes
                            && memoryKiB <= MAX_MEMORY_KIB
                            && passes >= 1
                            && passes <= MAX_PASSES
                            && lanes >= 1
                            && lanes <= MAX_LANES;
            if (!fits) {
                throw new IllegalArgumentException(
                        "m=" + memoryKiB + ",t=" + passes + ",p=" + lanes);
            }
        }
    }

    /** Makes the hash of a password. */
    static Argon2Hash make(byte[] password, byte[] salt, Costs costs) {
        Argon2Hash empty = new Argon2Hash("argon2id", costs, salt, new byte[OWN_TAG]);
        return new Argon2Hash("argon2id", costs, salt, empty.compute(password));
    }

    /** Reads the part behind {@code {ARGON2ID}}. */
    static Argon2Hash parse(String data) throws UnusableHashException {
        String[] parts = data.split("\\$", -1);
        boolean known =
                parts.length == 6
                        && parts[0].isEmpty()
                        && (parts[1].equals("argon2id") || parts[1].equals("argon2i"));
        if (!known || !parts[2].equals("v=19")) {
            throw new UnusableHashException(
                    "the hash is not Argon2 version 19 with parameters, salt and tag");
        }
        byte[] salt = decode(parts[4]);
        byte[] tag = decode(parts[5]);
        if (salt.length < MIN_SALT
                || salt.length > MAX_SALT
                || tag.length < MIN_TAG
                || tag.length > MAX_TAG) {
            throw new UnusableHashException("the Argon2 salt or tag has an unusual length");
        }
        return new Argon2Hash(parts[1], costs(parts[3]), salt, tag);
    }

    private static Costs costs(String text) throws UnusableHashException {
        String[] fields = text.split(",", -1);
        if (fields.length != 3) {
            throw new UnusableHashException("the Argon2 parameters are not m, t and p");
        }
        try {
            return new Costs(
                    number(fields[0], "m="), number(fields[1], "t="), number(fields[2], "p="));
        } catch (IllegalArgumentException e) {
            throw new UnusableHashException(
                    "the Argon2 parameters are outside of what is taken over (at most m="
                            + Costs.MAX_MEMORY_KIB
                            + ",t="
                            + Costs.MAX_PASSES
                            + ",p="
                            + Costs.MAX_LANES
                            + ")");
        }
    }

    private static int number(String field, String name) {
        if (!field.startsWith(name)) {
            throw new IllegalArgumentException(field);
        }
        return Integer.parseInt(field.substring(name.length()));
    }

    private static byte[] decode(String base64) throws UnusableHashException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnusableHashException("the Argon2 salt or tag is not base64");
        }
    }

    /** The tag that this password gives, as long as ours. */
    private byte[] compute(byte[] password) {
        Argon2Parameters parameters =
                new Argon2Parameters.Builder(
                                type.equals("argon2id")
                                        ? Argon2Parameters.ARGON2_id
                                        : Argon2Parameters.ARGON2_i)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(costs.memoryKiB)
                        .withIterations(costs.passes)
                        .withParallelism(costs.lanes)
                        .withSalt(salt)
                        .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] computed = new byte[tag.length];
        generator.generateBytes(password, computed);
        return computed;
    }

    @Override
    public boolean matches(byte[] password) {
        return password.length <= MAX_PASSWORD_OCTETS
                && MessageDigest.isEqual(tag, compute(password));
    }

    @Override
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        String scheme = type.equals("argon2id") ? "{ARGON2ID}" : "{ARGON2I}";
        return scheme
                + "$"
                + type
                + "$v=19$m="
                + costs.memoryKiB
                + ",t="
                + costs.passes
                + ",p="
                + costs.lanes
                + "$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(tag);
    }

    @Override
    public int memoryMiB() {
        return (costs.memoryKiB + 1023) >> 10;
    }

    @Override
    public String toString() {
        return "Argon2Hash[" + costs + "]";
    }
}
