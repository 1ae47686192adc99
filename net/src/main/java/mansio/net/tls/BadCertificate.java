package mansio.net.tls;

/** A certificate or key that cannot be used; the message says which, why, and what to do. */
public final class BadCertificate extends Exception {
    private static final long serialVersionUID = 1L;

    BadCertificate(String message) {
        super(message);
    }

    BadCertificate(String message, Throwable cause) {
        super(message, cause);
    }
}
