package mansio.net.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads PEM texts (RFC 7468): certificates and private keys without pass phrase. */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /** One encapsulated object: its label and its DER. */
    record Block(String label, byte[] der) {}

    private Pem() {}

    /** All blocks of a text; what stands between them is a comment (RFC 7468 section 2). */
    static List<Block> blocks(String text) throws BadCertificate {
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        while ((at = text.indexOf(BEGIN, at)) >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            if (labelEnd < 0) {
                throw new BadCertificate("a BEGIN line without end");
            }
            String label = text.substring(at + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new BadCertificate("\"END " + label + "\" is missing: is the file cut off?");
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            try {
                blocks.add(new Block(label, Base64.getMimeDecoder().decode(body)));
            } catch (IllegalArgumentException e) {
                throw new BadCertificate("\"" + label + "\" is not valid base64", e);
            }
            at = end;
        }
        return blocks;
    }

    /** The chain: our certificate first. */
    static List<X509Certificate> certificates(String text) throws BadCertificate {
        List<X509Certificate> chain = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (block.label.equals("CERTIFICATE")) {
                chain.add(certificate(block.der));
            }
        }
        if (chain.isEmpty()) {
            throw new BadCertificate("there is no \"BEGIN CERTIFICATE\" in it");
        }
        return List.copyOf(chain);
    }

    static X509Certificate certificate(byte[] der) throws BadCertificate {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new BadCertificate("not a valid certificate: " + e.getMessage(), e);
        }
    }

    /**
     * The private key.
     *
     * @param owner the public key it belongs to: it says which algorithm and curve a bare PKCS#1 or
     *     SEC 1 key is of
     */
    static PrivateKey privateKey(String text, PublicKey owner) throws BadCertificate {
        for (Block block : blocks(text)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return key(block.der, owner);
                }
                case "EC PRIVATE KEY", "RSA PRIVATE KEY" -> {
                    if (text.contains("Proc-Type: 4,ENCRYPTED")) {
                        throw passPhrase();
                    }
                    return key(wrapped(block.der, owner), owner);
                }
                case "ENCRYPTED PRIVATE KEY" -> throw passPhrase();
                default -> {
                    // EC PARAMETERS, or the chain in the same file: not ours.
                }
            }
        }
        throw new BadCertificate("there is no \"BEGIN PRIVATE KEY\" in it");
    }

    private static BadCertificate passPhrase() {
        return new BadCertificate(
                "the key is protected by a pass phrase; store it without one:"
                        + " openssl pkey -in OLD -out NEW");
    }

    private static PrivateKey key(byte[] pkcs8, PublicKey owner) throws BadCertificate {
        try {
            return KeyFactory.getInstance(owner.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new BadCertificate(
                    "not a valid " + owner.getAlgorithm() + " key, which the certificate asks for",
                    e);
        }
    }

    /**
     * PrivateKeyInfo of RFC 5208 section 5 around a bare key. Its AlgorithmIdentifier is the one of
     * the public key (RFC 5280 section 4.1.2.7), whose encoding begins with it.
     */
    private static byte[] wrapped(byte[] bare, PublicKey owner) {
        byte[] info = owner.getEncoded();
        byte[] algorithm = Der.element(info, Der.contentAt(info, 0));
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(bare));
    }
}
