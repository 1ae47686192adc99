package mansio.state.dkimkey;

import mansio.codec.text.Ascii;
import mansio.trust.dkim.KeyMaterial;

import java.util.List;
import java.util.Optional;

/**
 * A kind of key.
 *
 * @param bits of the modulus of an RSA key (RFC 8301 section 3.2: at least 1,024); 256 for Ed25519
 */
public record KeyAlgorithm(Family family, int bits) {
    /** What every verifier understands. */
    public static final KeyAlgorithm RSA_2048 = new KeyAlgorithm(Family.RSA, 2_048);

    public static final KeyAlgorithm RSA_3072 = new KeyAlgorithm(Family.RSA, 3_072);

    /** Its record needs two strings, and its signature four times the work of RSA_2048. */
    public static final KeyAlgorithm RSA_4096 = new KeyAlgorithm(Family.RSA, 4_096);

    /** Short and quick (RFC 8463); not every verifier knows it, so it stands beside an RSA key. */
    public static final KeyAlgorithm ED25519 = new KeyAlgorithm(Family.ED25519, 256);

    /** Those that keys are made of; imported RSA keys may have other lengths. */
    public static final List<KeyAlgorithm> MADE = List.of(RSA_2048, RSA_3072, RSA_4096, ED25519);

    private static final int MIN_BITS = 1_024;

    /** What {@code k=} of the record says. The code is stored. */
    public enum Family {
        RSA(1, "rsa", 'r'),
        ED25519(2, "ed25519", 'e');

        private final int code;
        private final String tag;
        private final char letter;

        Family(int code, String tag, char letter) {
            this.code = code;
            this.tag = tag;
            this.letter = letter;
        }

        int code() {
            return code;
        }

        /** The value of the tag. */
        public String tag() {
            return tag;
        }

        /** At the end of a selector that was made here. */
        char letter() {
            return letter;
        }

        static Family of(int code) {
            for (Family it : values()) {
                if (it.code == code) return it;
            }
            throw new IllegalStateException("family of keys " + code);
        }
    }

    public KeyAlgorithm {
        if (family == Family.RSA && bits < MIN_BITS) {
            throw new IllegalArgumentException("an RSA key of " + bits + " bits");
        }
    }

    /** That of a key that was made elsewhere. */
    public static KeyAlgorithm of(KeyMaterial key) {
        return switch (key.algorithm()) {
            case RSA_SHA256 -> new KeyAlgorithm(Family.RSA, key.bits());
            case ED25519_SHA256 -> ED25519;
        };
    }

    /** Such as {@code rsa-2048}; what {@link #parse} reads. */
    public String text() {
        return family == Family.ED25519 ? family.tag : family.tag + "-" + bits;
    }

    /** One of {@link #MADE}; {@code rsa} is RSA_2048. */
    public static Optional<KeyAlgorithm> parse(String text) {
        String wanted = Ascii.lower(text);
        return wanted.equals("rsa")
                ? Optional.of(RSA_2048)
                : MADE.stream().filter(it -> it.text().equals(wanted)).findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
