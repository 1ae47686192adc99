package mansio.net.tls;

import javax.net.ssl.SSLParameters;

/** What both our sides of a handshake offer: TLS 1.2 and 1.3, forward secrecy, AEAD. */
final class Handshake {
    /**
     * RFC 9325 section 4.2 and RFC 8446. RSA key exchange, CBC and DHE are left out: every mail
     * server of the last ten years has ECDHE with GCM.
     */
    private static final String[] SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };

    /** P-256 first: the JDK has it in assembly. */
    private static final String[] GROUPS = {"secp256r1", "x25519", "secp384r1"};

    private Handshake() {}

    static SSLParameters offer() {
        SSLParameters offer =
                new SSLParameters(SUITES.clone(), new String[] {"TLSv1.3", "TLSv1.2"});
        offer.setNamedGroups(GROUPS.clone());
        offer.setUseCipherSuitesOrder(true);
        return offer;
    }
}
