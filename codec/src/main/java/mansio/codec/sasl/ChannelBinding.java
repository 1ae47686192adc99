package mansio.codec.sasl;

/**
 * Binds an exchange to the TLS channel it runs in (RFC 5056).
 *
 * @param type {@link #TLS_EXPORTER} or {@link #TLS_SERVER_END_POINT}
 * @param data what both ends of the same channel know
 */
public record ChannelBinding(String type, byte[] data) {
    /** RFC 9266 section 2. */
    public static final String TLS_EXPORTER = "tls-exporter";

    /** RFC 5929 section 4. */
    public static final String TLS_SERVER_END_POINT = "tls-server-end-point";

    public ChannelBinding {
        if (type.isEmpty() || data.length == 0) {
            throw new IllegalArgumentException("empty channel binding");
        }
    }
}
