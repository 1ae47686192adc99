package mansio.net.listen;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Facts of a TLS session, for Received fields, logs and channel binding.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite the IANA name, such as {@code TLS_AES_256_GCM_SHA384}
 * @param serverName the name asked for by SNI, lower case
 * @param bindings the channel bindings of this session (RFC 5929, RFC 9266)
 * @param peerChain the peer's certificate, then those it sent along; empty where the peer is a
 *     client
 */
public record TlsFacts(
        String protocol,
        String cipherSuite,
        Optional<String> serverName,
        ChannelBindings bindings,
        List<X509Certificate> peerChain) {

    public TlsFacts {
        peerChain = List.copyOf(peerChain);
    }

    /** A session with a client, which shows no certificate. */
    public TlsFacts(
            String protocol,
            String cipherSuite,
            Optional<String> serverName,
            ChannelBindings bindings) {
        this(protocol, cipherSuite, serverName, bindings, List.of());
    }

    /**
     * Data for SCRAM-*-PLUS.
     *
     * @param serverEndPoint {@code tls-server-end-point}: the hash of our certificate (RFC 5929
     *     section 4); empty when the certificate's signature algorithm defines none
     * @param exporter {@code tls-exporter}: RFC 9266; empty where the TLS version or provider does
     *     not give it
     */
    public record ChannelBindings(Optional<byte[]> serverEndPoint, Optional<byte[]> exporter) {}
}
