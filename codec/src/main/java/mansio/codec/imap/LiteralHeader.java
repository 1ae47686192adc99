package mansio.codec.imap;

/**
 * The announcement of a literal, such as {@code {310}}, {@code {310+}} or {@code ~{310}}: RFC 9051
 * section 4.3, RFC 7888, RFC 3516.
 *
 * @param length in octets
 * @param synchronizing true when the peer waits for our go-ahead
 * @param kind whether it may hold NUL octets
 */
public record LiteralHeader(long length, boolean synchronizing, Kind kind) {
    /** What the literal may carry. */
    public enum Kind {
        /** {@code literal}: any octet but NUL. */
        TEXT,
        /** {@code literal8}: any octet; RFC 3516. */
        BINARY,
        /** {@code UTF8 (literal8)}: a message with UTF-8 headers; RFC 6855 section 4. */
        UTF8
    }

    public LiteralHeader {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length);
        }
    }
}
