package mansio.net.tls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The client's side of TLS. Safe for use by any thread. */
public final class ClientTls {
    private final SSLContext verifying;
    private final SSLContext believing;

    /** Trusts, where it verifies, the roots that this Java trusts. */
    public ClientTls() {
        try {
            verifying = SSLContext.getInstance("TLS");
            verifying.init(new KeyManager[0], null, new SecureRandom());
            believing = SSLContext.getInstance("TLS");
            believing.init(
                    new KeyManager[0], new TrustManager[] {new Anybody()}, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** An engine that goes on only with a certificate for {@code host} of a trusted root. */
    public SSLEngine verifying(String host, int port) {
        SSLEngine engine = verifying.createSSLEngine(host, port);
        SSLParameters offer = offer(host);
        // The rules of RFC 9525; "LDAPS" would allow the same names.
        offer.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setUseClientMode(true);
        engine.setSSLParameters(offer);
        return engine;
    }

    /** An engine that takes any certificate. */
    public SSLEngine believing(String host, int port) {
        SSLEngine engine = believing.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(offer(host));
        return engine;
    }

    private static SSLParameters offer(String host) {
        SSLParameters offer = Handshake.offer();
        if (!isLiteral(host)) {
            // RFC 6066 section 3: only names, never addresses.
            offer.setServerNames(List.of(new SNIHostName(host)));
        }
        return offer;
    }

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Encrypts with whoever is there (RFC 7435): better than plain text, and no more than that. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
