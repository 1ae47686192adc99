package mansio.net.tls;

import mansio.codec.text.Ascii;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Says whether a server's certificate is good, after a handshake that took any. So one handshake
 * serves every policy, and what was wrong can be told even where it did not matter. Safe for use by
 * any thread.
 */
public final class CertificateCheck {
    /** Names of a certificate that are told. */
    private static final int MAX_NAMES = 3;

    private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9.:*_-]{1,100}");

    /** GeneralName of RFC 5280 section 4.2.1.6, as Java numbers it. */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    private final X509TrustManager roots;

    private CertificateCheck(Optional<KeyStore> roots) {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(roots.orElse(null));
            this.roots = first(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot check certificates", e);
        }
    }

    private static X509TrustManager first(TrustManager[] managers) {
        for (TrustManager manager : managers) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("this Java cannot check certificates");
    }

    /** Trusts the roots that this Java trusts. */
    public static CertificateCheck ofSystem() {
        return new CertificateCheck(Optional.empty());
    }

    /** Trusts these roots and no others. */
    public static CertificateCheck of(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("root-" + i, roots.get(i));
            }
            return new CertificateCheck(Optional.of(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot keep certificates", e);
        }
    }

    /**
     * What is wrong with a certificate.
     *
     * @param chain the server's certificate first, then what it sent along
     * @param names host names or addresses, of which the certificate must be for one: RFC 9525
     *     section 6.3 (a wildcard stands for one whole label on the left; the common name is no
     *     name)
     * @return one sentence; empty when the chain leads to a trusted root and one name fits
     */
    public Optional<String> fault(List<X509Certificate> chain, List<String> names) {
        if (chain.isEmpty()) {
            return Optional.of("the server showed no certificate");
        }
        try {
            roots.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
            if (names.stream().noneMatch(name -> isFor(chain.getFirst(), name))) {
                return Optional.of(
                        "the certificate is not for "
                                + String.join(", ", names)
                                + namesIn(chain.getFirst()));
            }
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("the certificate is not trusted: " + cause(e));
        }
    }

    /** The innermost message is the one that says something. */
    private static String cause(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        if (at instanceof CertPathBuilderException) {
            return "no authority that this machine trusts has signed it";
        }
        String message = String.valueOf(at.getMessage());
        return message.lines().findFirst().orElse("").strip();
    }

    /** For whom it is, as far as that can be shown: the other side wrote it. */
    private static String namesIn(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    String value = String.valueOf(alternative.get(1));
                    if (names.size() < MAX_NAMES && SHOWN.matcher(value).matches()) {
                        names.add(value);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // It has none that anybody can read.
        }
        return names.isEmpty() ? "" : "; it is for " + String.join(", ", names);
    }

    private static boolean isFor(X509Certificate certificate, String name) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return false;
            }
            Optional<InetAddress> address = literal(name);
            for (List<?> alternative : alternatives) {
                String value = String.valueOf(alternative.get(1));
                boolean fits =
                        switch ((Integer) alternative.get(0)) {
                            case DNS_NAME -> address.isEmpty() && covers(value, name);
                            case IP_ADDRESS ->
                                    address.isPresent() && address.equals(literal(value));
                            default -> false;
                        };
                if (fits) {
                    return true;
                }
            }
            return false;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean covers(String presented, String name) {
        String pattern = Ascii.lower(presented);
        String wanted = Ascii.lower(name);
        if (!pattern.startsWith("*.")) {
            return pattern.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        // "*.org" is refused: no authority may issue it, and nobody else should.
        return dot > 0
                && pattern.indexOf('.', 2) > 0
                && wanted.substring(dot).equals(pattern.substring(1));
    }
}
