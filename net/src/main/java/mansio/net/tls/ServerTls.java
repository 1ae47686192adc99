package mansio.net.tls;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/** The server's side of TLS. Safe for use by any thread. */
public final class ServerTls {
    private final SSLContext context;

    public ServerTls(Certificates certificates) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new ServerKeys(certificates)},
                    new TrustManager[0],
                    new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** An engine for one connection, before its handshake. */
    public SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(Handshake.offer());
        return engine;
    }
}
