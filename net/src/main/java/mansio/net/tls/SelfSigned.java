package mansio.net.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes a certificate that nobody vouches for: enough to try the server, and for peers that encrypt
 * without asking who we are (RFC 7435).
 */
public final class SelfSigned {
    private static final int[] ECDSA_WITH_SHA256 = {1, 2, 840, 10045, 4, 3, 2};
    private static final int[] COMMON_NAME = {2, 5, 4, 3};
    private static final int[] SUBJECT_ALTERNATIVE_NAME = {2, 5, 29, 17};
    private static final int[] BASIC_CONSTRAINTS = {2, 5, 29, 19};
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int SERIAL_BITS = 120;
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private SelfSigned() {}

    /**
     * A new P-256 key and its certificate.
     *
     * @param names the DNS names it is for, at least one
     * @param addresses the addresses it is for
     */
    public static Identity make(
            List<String> names, List<InetAddress> addresses, Instant now, Duration validity) {
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
            byte[] name =
                    Der.sequence(
                            Der.set(
                                    Der.sequence(
                                            Der.oid(COMMON_NAME), Der.utf8(names.getFirst()))));
            byte[] period =
                    Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(validity)));
            // TBSCertificate, RFC 5280 section 4.1: version 3, serial, algorithm, issuer, ...
            byte[] body =
                    Der.sequence(
                            Der.tagged(0xA0, Der.integer(BigInteger.TWO)),
                            Der.integer(new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE)),
                            algorithm,
                            name,
                            period,
                            name,
                            pair.getPublic().getEncoded(),
                            Der.tagged(0xA3, extensions(names, addresses)));
            byte[] certificate =
                    Der.sequence(body, algorithm, Der.bits(sign(body, pair.getPrivate())));
            return Identity.of(List.of(Pem.certificate(certificate)), pair.getPrivate());
        } catch (GeneralSecurityException | BadCertificate e) {
            throw new IllegalStateException("this Java cannot make a P-256 certificate", e);
        }
    }

    /** The chain as PEM text, to be kept in a file. */
    public static String chainPem(Identity identity) {
        try {
            return pem("CERTIFICATE", identity.chain().getFirst().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The private key as PEM text, to be kept in a file that only its owner may read. */
    public static String keyPem(Identity identity) {
        return pem("PRIVATE KEY", identity.key().getEncoded());
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static byte[] extensions(List<String> names, List<InetAddress> addresses) {
        List<byte[]> alternatives = new ArrayList<>();
        for (String name : names) {
            alternatives.add(Der.tagged(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII)));
        }
        for (InetAddress address : addresses) {
            alternatives.add(Der.tagged(IP_ADDRESS, address.getAddress()));
        }
        byte[] alternative = Der.sequence(alternatives.toArray(new byte[0][]));
        // Some clients accept it as a trust anchor only when it may be one.
        byte[] constraints = Der.sequence(Der.yes());
        return Der.sequence(
                Der.sequence(Der.oid(SUBJECT_ALTERNATIVE_NAME), Der.octets(alternative)),
                Der.sequence(Der.oid(BASIC_CONSTRAINTS), Der.yes(), Der.octets(constraints)));
    }

    private static byte[] sign(byte[] body, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(body);
        return signature.sign();
    }
}
