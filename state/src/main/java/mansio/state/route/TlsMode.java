package mansio.state.route;

import java.util.Locale;
import java.util.Optional;

/** What is asked of TLS towards another server. The code is stored. */
public enum TlsMode {
    /** It is not used. */
    NONE(1),
    /** It is used when it works, and any certificate will do. */
    MAY(2),
    /** Nothing is sent without it; any certificate will do. */
    ENCRYPT(3),
    /** Nothing is sent without it, and the certificate must be good for the host's name. */
    VERIFY(4);

    private final int code;

    TlsMode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static TlsMode of(int code) {
        for (TlsMode mode : values()) if (mode.code == code) return mode;
        throw new IllegalStateException("TLS mode " + code);
    }

    /** Reads {@code none}, {@code may}, {@code encrypt} or {@code verify}. */
    static Optional<TlsMode> parse(String text) {
        for (TlsMode mode : values()) if (mode.text().equals(text)) return Optional.of(mode);
        return Optional.empty();
    }

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True when nothing is sent in the clear. */
    public boolean required() {
        return this == ENCRYPT || this == VERIFY;
    }
}
