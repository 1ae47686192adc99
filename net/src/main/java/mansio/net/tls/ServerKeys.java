package mansio.net.tls;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Gives a handshake its certificate. Keys stay in memory: the JDK's own manager over PKCS#12
 * decrypts the key at each handshake, 2.5 ms of the processor where this takes none.
 *
 * <p>JSSE asks in three steps, for an alias, the chain and the key; certificates may be swapped in
 * between. So an alias stays good for what it was given for.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    /** More than the certificates of any server, with one generation replaced. */
    private static final int MAX_ALIASES = 4096;

    private final Certificates certificates;
    private final Map<String, Identity> byAlias = new ConcurrentHashMap<>();

    ServerKeys(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        Optional<Identity> found =
                certificates.find(serverName(engine.getHandshakeSession()), keyType);
        if (found.isEmpty()) {
            return null;
        }
        if (byAlias.size() > MAX_ALIASES) {
            byAlias.clear();
        }
        String alias = Integer.toHexString(System.identityHashCode(found.get()));
        while (true) {
            Identity other = byAlias.putIfAbsent(alias, found.get());
            if (other == null || other.equals(found.get())) {
                return alias;
            }
            alias += "+";
        }
    }

    private static Optional<String> serverName(@Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        return extended.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
