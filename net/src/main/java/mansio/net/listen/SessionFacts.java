package mansio.net.listen;

import mansio.net.listen.TlsFacts.ChannelBindings;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Reads the facts of a TLS session out of its engine, after the handshake. */
final class SessionFacts {
    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
    private static final int EXPORTER_BYTES = 32;

    private SessionFacts() {}

    static TlsFacts of(SSLEngine engine) {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
        Optional<String> serverName =
                engine.getUseClientMode()
                        ? Optional.empty()
                        : session.getRequestedServerNames().stream()
                                .filter(SNIHostName.class::isInstance)
                                .map(name -> ((SNIHostName) name).getAsciiName())
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .findFirst();
        List<X509Certificate> chain = serverChain(engine, session);
        return new TlsFacts(
                session.getProtocol(),
                session.getCipherSuite(),
                serverName,
                new ChannelBindings(
                        chain.stream().findFirst().flatMap(SessionFacts::endPoint),
                        exporter(session)),
                engine.getUseClientMode() ? chain : List.of());
    }

    private static List<X509Certificate> serverChain(SSLEngine engine, ExtendedSSLSession session) {
        try {
            Certificate[] chain =
                    engine.getUseClientMode()
                            ? session.getPeerCertificates()
                            : session.getLocalCertificates();
            return chain == null
                    ? List.of()
                    : Stream.of(chain)
                            .filter(X509Certificate.class::isInstance)
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    /**
     * RFC 5929 section 4.1: the certificate's hash by the hash of its signature, SHA-256 in place
     * of MD5 and SHA-1. A signature without hash, such as Ed25519, defines none.
     */
    static Optional<byte[]> endPoint(X509Certificate certificate) {
        try {
            Optional<String> hash = signatureHash(certificate);
            return hash.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> signatureHash(X509Certificate certificate)
            throws GeneralSecurityException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (algorithm.equals("RSASSA-PSS")) {
            return Optional.of(pssHash(certificate));
        }
        int with = algorithm.indexOf("WITH");
        if (with < 0) {
            return Optional.empty();
        }
        return switch (algorithm.substring(0, with)) {
            case "MD5", "SHA1", "SHA256" -> Optional.of("SHA-256");
            case "SHA224" -> Optional.of("SHA-224");
            case "SHA384" -> Optional.of("SHA-384");
            case "SHA512" -> Optional.of("SHA-512");
            default -> Optional.empty();
        };
    }

    private static String pssHash(X509Certificate certificate) throws GeneralSecurityException {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            String hash = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
            return hash.equals("SHA-1") ? "SHA-256" : hash;
        } catch (java.io.IOException | InvalidParameterSpecException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** RFC 9266 section 3: label, empty context, 32 bytes. Of TLS 1.2 too little can be asked. */
    private static Optional<byte[]> exporter(ExtendedSSLSession session) {
        if (!session.getProtocol().equals("TLSv1.3")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    session.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_BYTES));
        } catch (SSLException | RuntimeException e) {
            // A provider other than the JDK's need not have it.
            return Optional.empty();
        }
    }
}
