package mansio.net.tls;

import java.nio.file.Path;

/**
 * Where a certificate is kept, as configured.
 *
 * @param chain a PEM file: our certificate first, then the intermediate ones
 * @param key a PEM file with the private key, PKCS#8, PKCS#1 or SEC 1, without pass phrase,
 *     readable by its owner only
 */
public record CertificateFiles(Path chain, Path key) {}
