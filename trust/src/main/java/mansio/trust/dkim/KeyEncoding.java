package mansio.trust.dkim;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/** The few DER wrappers (X.690) between the forms in which keys are kept and published. */
final class KeyEncoding {
    /** AlgorithmIdentifier rsaEncryption with NULL (RFC 8017 appendix A.1). */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    /** SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410 section 4). */
    private static final byte[] ED25519_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] ZERO = {2, 1, 0};

    private KeyEncoding() {}

    /** SubjectPublicKeyInfo around an RSAPublicKey. */
    static byte[] rsaInfo(byte[] rsaPublicKey) {
        return tagged(0x30, RSA, tagged(0x03, new byte[1], rsaPublicKey));
    }

    /** SubjectPublicKeyInfo around the 32 octets of an Ed25519 key. */
    static byte[] ed25519Info(byte[] key) {
        return joined(ED25519_INFO, key);
    }

    /** The 32 octets of an Ed25519 key. */
    static byte[] ed25519Key(byte[] info) {
        return Arrays.copyOfRange(info, info.length - 32, info.length);
    }

    /** PrivateKeyInfo (RFC 5208) around the RSAPrivateKey of PKCS#1. */
    static byte[] rsaPkcs8(byte[] rsaPrivateKey) {
        return tagged(0x30, ZERO, RSA, tagged(0x04, rsaPrivateKey));
    }

    private static byte[] tagged(int tag, byte[]... contents) {
        byte[] content = joined(contents);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length >= 0x10000) {
            out.write(0x83);
            out.write(length >> 16);
            out.write(length >> 8);
        } else if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
