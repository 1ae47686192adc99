package mansio.net.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A certificate chain with its private key, checked to belong together, in memory.
 *
 * @param names the DNS names it is for, lower case; a wildcard as {@code *.example.org}
 */
public record Identity(List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int MAX_FILE_BYTES = 1024 * 1024;
    private static final int DNS_NAME = 2;

    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    /** Reads and checks the files; the message of a failure names the file. */
    public static Identity load(CertificateFiles files) throws BadCertificate {
        try {
            List<X509Certificate> chain = Pem.certificates(read(files.chain()));
            try {
                checkOwnerOnly(files.key());
                return of(chain, Pem.privateKey(read(files.key()), publicKey(chain)));
            } catch (BadCertificate e) {
                throw new BadCertificate("key " + files.key() + ": " + e.getMessage(), e);
            }
        } catch (BadCertificate e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("key ")
                    ? e
                    : new BadCertificate("certificate " + files.chain() + ": " + message, e);
        }
    }

    /** The two together, after a check that they do belong together. */
    public static Identity of(List<X509Certificate> chain, PrivateKey key) throws BadCertificate {
        checkPair(publicKey(chain), key);
        return new Identity(chain, key, namesOf(chain.getFirst()));
    }

    /** The key type of a TLS handshake: {@code RSA}, {@code EC} or {@code EdDSA}. */
    public String keyType() {
        return key.getAlgorithm();
    }

    /** Until when the certificate is valid. */
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    private static PublicKey publicKey(List<X509Certificate> chain) {
        return chain.getFirst().getPublicKey();
    }

    private static String read(Path file) throws BadCertificate {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new BadCertificate("bigger than 1 MiB: not a PEM file");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new BadCertificate("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new BadCertificate("this user may not read it", e);
        } catch (IOException e) {
            throw new BadCertificate("cannot be read: " + e, e);
        }
    }

    private static void checkOwnerOnly(Path key) throws BadCertificate {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
            permissions.removeAll(
                    Set.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
            if (!permissions.isEmpty()) {
                throw new BadCertificate("others than its owner may use it; do: chmod 600 " + key);
            }
        } catch (NoSuchFileException e) {
            throw new BadCertificate("there is no such file", e);
        } catch (IOException e) {
            throw new BadCertificate("its permissions cannot be read: " + e, e);
        }
    }

    /** Signs something: a key of another certificate would fail every handshake later. */
    private static void checkPair(PublicKey owner, PrivateKey key) throws BadCertificate {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(owner.getEncoded());
            byte[] signed = signature.sign();
            signature.initVerify(owner);
            signature.update(owner.getEncoded());
            if (!signature.verify(signed)) {
                throw new BadCertificate("it does not belong to the certificate");
            }
        } catch (GeneralSecurityException e) {
            throw new BadCertificate("it does not belong to the certificate: " + e, e);
        }
    }

    private static Set<String> namesOf(X509Certificate certificate) throws BadCertificate {
        try {
            Set<String> names = new LinkedHashSet<>();
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0).equals(DNS_NAME)) {
                        names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                    }
                }
            }
            return Set.copyOf(names);
        } catch (CertificateParsingException e) {
            throw new BadCertificate("its subject alternative names cannot be read", e);
        }
    }
}
