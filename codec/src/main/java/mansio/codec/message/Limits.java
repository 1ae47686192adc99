package mansio.codec.message;

/**
 * How much structure of one message is kept. What lies beyond a limit is still scanned, stays part
 * of the bytes, and is reported as an {@link Oddity}; no limit makes parsing fail.
 *
 * @param headerBytes header bytes kept of one entity; later fields are not kept
 * @param totalHeaderBytes header bytes kept of the whole message
 * @param headerFields fields kept of one entity
 * @param depth how deep parts may nest; a deeper multipart or message is an opaque body
 * @param parts parts in all; what follows in the multipart that reaches it is an opaque body
 */
public record Limits(
        int headerBytes, int totalHeaderBytes, int headerFields, int depth, int parts) {
    /** Some ten times what real mail was seen to need. */
    public static final Limits DEFAULT = new Limits(1 << 20, 4 << 20, 5_000, 100, 10_000);

    /** More header fields than this are never kept in all entities together. */
    static final int TOTAL_FIELDS = 50_000;

    /** Longest boundary that delimits; RFC 2046 section 5.1.1 allows 70. */
    static final int BOUNDARY = 250;

    /** Parameters of one field; later ones are not kept. */
    static final int PARAMETERS = 200;

    /** Addresses of one field; later ones are not kept. */
    static final int ADDRESSES = 10_000;

    /** Message identifiers of one field; later ones are not kept. */
    static final int MESSAGE_IDS = 1_000;

    /** Oddities listed with their offset; of later ones only the kind is known. */
    static final int ODDITIES = 100;

    public Limits {
        if (headerBytes < 1 || totalHeaderBytes < 1 || headerFields < 1 || depth < 1 || parts < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
