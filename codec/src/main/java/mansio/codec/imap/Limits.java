package mansio.codec.imap;

/**
 * What one command may cost before it is understood. RFC 9051 section 4 sets no bounds; these do.
 *
 * @param lineBytes of one line, its CRLF not counted
 * @param literalBytes of all literals of one command that are kept in memory, in all
 * @param literals how many literals one command may carry, messages of APPEND not counted
 * @param skippedBytes of non-synchronizing literals that are read and thrown away after a command
 *     that failed; above it the connection has to end
 */
public record Limits(int lineBytes, int literalBytes, int literals, long skippedBytes) {
    /** RFC 2683 section 3.2.1.5 asks for 8,000 octets at least. */
    public static final Limits BEFORE_LOGIN = new Limits(8 << 10, 4 << 10, 8, 64 << 10);

    /** Long UID sets and search programs need the longer line. */
    public static final Limits AFTER_LOGIN = new Limits(64 << 10, 64 << 10, 64, 256L << 20);

    /** How deep lists and search keys may nest. */
    static final int DEPTH = 32;

    /** How many search keys a SEARCH, or fetch items a FETCH, may hold in all. */
    static final int KEYS = 1_000;

    /** How many numbers and ranges a sequence set may hold. */
    static final int RANGES = 16_384;

    /** How many flags, header names, patterns or parameters one list may hold. */
    static final int LIST = 256;

    /** How many octets the text of one search key may have; what is searched is far longer. */
    static final int SEARCH_TEXT = 1_024;

    /** How many search keys of one SEARCH may read bodies: each reads them all. */
    static final int BODY_KEYS = 16;

    /** How many octets all patterns of one LIST may have, each with the reference before it. */
    static final int PATTERNS = 4_096;

    public Limits {
        if (lineBytes < 1 || literalBytes < 0 || literals < 0 || skippedBytes < 0) {
            throw new IllegalArgumentException("limits out of range");
        }
    }
}
