package mansio.net.smtpclient;

import mansio.net.listen.TlsFacts;

import java.util.Optional;

/**
 * TLS as a session has it.
 *
 * @param peerName the host that was meant
 * @param name who says that this host is the right one
 * @param unverified why the certificate proves nothing; empty when it is good for the names that
 *     the policy has, or for the host's
 */
public record SessionTls(TlsFacts facts, String peerName, Name name, Optional<String> unverified) {
    /** What the certificate's name is worth. */
    public enum Name {
        /** The DNS signs it, a policy has it, or the address or the configuration itself. */
        VOUCHED,
        /** An MX record that anybody on the way may have made. */
        UNSIGNED
    }

    /** Whether the certificate is good for the name. */
    public boolean trusted() {
        return unverified.isEmpty();
    }

    /** Whether we know with whom we speak: a good certificate, and for the right name. */
    public boolean verified() {
        return trusted() && name == Name.VOUCHED;
    }

    /** For logs: {@code TLSv1.3, TLS_AES_128_GCM_SHA256, verified}. */
    @Override
    public String toString() {
        String proof =
                verified()
                        ? "verified"
                        : trusted() ? "trusted" : "not verified: " + unverified.orElse("");
        return facts.protocol() + ", " + facts.cipherSuite() + ", " + proof;
    }
}
