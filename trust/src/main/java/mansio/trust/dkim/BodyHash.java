package mansio.trust.dkim;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The SHA-256 of the canonical body, or of its first octets. Known after the end of the message;
 * owned by its {@link BodyHashers}.
 */
public final class BodyHash {
    private final MessageDigest digest;
    private final boolean limited;
    private final long limit;
    private long seen;
    private byte[] value = new byte[0];

    BodyHash(MessageDigest digest, OptionalLong limit) {
        this.digest = digest;
        limited = limit.isPresent();
        this.limit = limit.orElse(Long.MAX_VALUE);
    }

    void update(byte[] bytes, int offset, int length) {
        long room = limit - seen;
        if (room > 0) {
            digest.update(bytes, offset, (int) Math.min(room, length));
        }
        seen += length;
    }

    void end() {
        value = digest.digest();
    }

    /** True when this is the hash; compared in constant time, which costs nothing. */
    public boolean matches(byte[] other) {
        return value.length > 0 && MessageDigest.isEqual(value, other);
    }

    /** The 32 octets of the hash, after the end. */
    public byte[] value() {
        return Arrays.copyOf(value, value.length);
    }

    /** Octets of the canonical body behind what was hashed: they are not signed. */
    public long unsignedOctets() {
        return Math.max(0, seen - limit);
    }

    /** True when fewer octets came than the limit says. */
    public boolean isShorterThanLimit() {
        return limited && seen < limit;
    }
}
