package mansio.net.smtpclient;

import mansio.net.listen.TlsFacts;

import java.util.Optional;

/**
 * TLS as a session has it.
 *
 * @param peerName the host that was meant
 * @param unverified why the certificate proves nothing; empty when it is good for the names that
 *     the policy has, or for the host's
 */
public record SessionTls(TlsFacts facts, String peerName, Optional<String> unverified) {
    /** Whether we know with whom we speak. */
    public boolean verified() {
        return unverified.isEmpty();
    }

    /** For logs: {@code TLSv1.3, TLS_AES_128_GCM_SHA256, verified}. */
    @Override
    public String toString() {
        return facts.protocol()
                + ", "
                + facts.cipherSuite()
                + (verified() ? ", verified" : ", not verified: " + unverified.orElse(""));
    }
}
