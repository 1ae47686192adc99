package mansio.trust.dkim;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A private key as it is kept and moved, and the record of its public half. Immutable; it never
 * shows the key unless asked for it.
 */
public final class KeyMaterial {
    /** What every receiver takes and nobody breaks. */
    public static final int RSA_BITS = 2048;

    /** Octets of one string of a TXT record (RFC 1035 section 3.3). */
    public static final int MAX_STRING = 255;

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final int MAX_PEM = 64 << 10;

    private final SignatureAlgorithm algorithm;
    private final byte[] pkcs8;
    private final byte[] published;
    private final int bits;

    private KeyMaterial(byte[] pkcs8) throws IOException {
        AsymmetricKeyParameter key = PrivateKeyFactory.createKey(pkcs8);
        switch (key) {
            case RSAPrivateCrtKeyParameters rsa -> {
                algorithm = SignatureAlgorithm.RSA_SHA256;
                bits = rsa.getModulus().bitLength();
                published =
                        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                                        new RSAKeyParameters(
                                                false, rsa.getModulus(), rsa.getPublicExponent()))
                                .getEncoded();
            }
            case Ed25519PrivateKeyParameters ed25519 -> {
                algorithm = SignatureAlgorithm.ED25519_SHA256;
                bits = 256;
                published = ed25519.generatePublicKey().getEncoded();
            }
            default -> throw new IOException("neither RSA nor Ed25519");
        }
        this.pkcs8 = pkcs8.clone();
    }

    /** A new key: RSA of 2048 bits, or Ed25519. */
    public static KeyMaterial generate(SignatureAlgorithm algorithm) {
        return of(Crypto.jdk().generate(algorithm, RSA_BITS).getPrivate().getEncoded());
    }

    /**
     * A key kept as {@link #pkcs8()}.
     *
     * @throws SyntaxException when it is no RSA or Ed25519 key, or an RSA key that receivers refuse
     */
    public static KeyMaterial of(byte[] pkcs8) {
        KeyMaterial key;
        try {
            key = new KeyMaterial(pkcs8);
        } catch (IOException | RuntimeException e) {
            // What the library throws for nonsense is not limited to one type.
            throw new SyntaxException("no private key for RSA or Ed25519", 0);
        }
        boolean rsa = key.algorithm == SignatureAlgorithm.RSA_SHA256;
        if ((rsa && key.bits < KeyRecord.MIN_RSA_BITS) || key.bits > KeyRecord.MAX_RSA_BITS) {
            throw new SyntaxException("an RSA key of " + key.bits + " bits", 0);
        }
        return key;
    }

    /**
     * Reads PEM (RFC 7468): PKCS#8, or the PKCS#1 that opendkim-genkey made for long. The first
     * private key in the text is taken.
     *
     * @throws SyntaxException when there is none, or it has a pass phrase
     */
    public static KeyMaterial ofPem(String text) {
        int begin = text.length() > MAX_PEM ? -1 : text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label, labelEnd);
            if (end < 0) {
                break;
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            switch (label) {
                case "PRIVATE KEY" -> {
                    return of(base64(body));
                }
                case "RSA PRIVATE KEY" -> {
                    return of(KeyEncoding.rsaPkcs8(base64(body)));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                        throw new SyntaxException("the key has a pass phrase", begin);
                default -> begin = text.indexOf(BEGIN, end);
            }
        }
        throw new SyntaxException("there is no whole private key in it", 0);
    }

    private static byte[] base64(String body) {
        if (body.contains("ENCRYPTED")) {
            throw new SyntaxException("the key has a pass phrase", 0);
        }
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("the key is not base64", 0);
        }
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    /** Size of the key: of the modulus for RSA, 256 for Ed25519. */
    public int bits() {
        return bits;
    }

    /** The private key as PrivateKeyInfo (RFC 5208): to be kept secret. */
    public byte[] pkcs8() {
        return pkcs8.clone();
    }

    /** The private key as PEM text: to be kept secret. */
    public String pem() {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8);
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    /** The public key as it is published, strings of the record joined. */
    public String record() {
        return "v=DKIM1; k="
                + algorithm.keyType()
                + "; p="
                + Base64.getEncoder().encodeToString(published);
    }

    /** Cuts the text of a TXT record into strings of at most {@link #MAX_STRING} octets. */
    public static List<String> strings(String text) {
        List<String> strings = new ArrayList<>();
        for (int at = 0; at < text.length(); at += MAX_STRING) {
            strings.add(text.substring(at, Math.min(text.length(), at + MAX_STRING)));
        }
        return strings;
    }

    /**
     * The key, ready to sign.
     *
     * @throws SyntaxException when the selector is none, or the provider looks closer at keys than
     *     who read it and does not take this one
     */
    public SigningKey signingKey(Domain domain, String selector, Crypto crypto) {
        try {
            return new SigningKey(domain, selector, algorithm, crypto.privateKey(algorithm, pkcs8));
        } catch (GeneralSecurityException e) {
            throw new SyntaxException("a key that " + crypto.name() + " does not take", 0);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return algorithm.text() + " key of " + bits + " bits";
    }
}
