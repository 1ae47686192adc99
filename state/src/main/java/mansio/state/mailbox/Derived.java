package mansio.state.mailbox;

/**
 * What was read from a message once and is kept beside it. This room does not look inside.
 *
 * @param facts ENVELOPE, BODYSTRUCTURE, offsets: the compact form of the codec; at most {@link
 *     #MAX_FACTS_BYTES}
 * @param headers the packed header cache for searching; empty when there is none; at most {@link
 *     #MAX_HEADERS_BYTES}
 * @param thread what it is a part of
 */
public record Derived(byte[] facts, byte[] headers, ThreadKeys thread) {
    public static final int MAX_FACTS_BYTES = 256 << 10;
    public static final int MAX_HEADERS_BYTES = 60 << 10;

    public Derived {
        if (facts.length > MAX_FACTS_BYTES || headers.length > MAX_HEADERS_BYTES) {
            throw new IllegalArgumentException(
                    facts.length + " bytes of facts, " + headers.length + " of headers");
        }
    }
}
