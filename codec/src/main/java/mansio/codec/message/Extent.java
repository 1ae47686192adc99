package mansio.codec.message;

/**
 * Where an entity lies: bytes from the start of the message that was parsed. The header goes from
 * {@code headerStart} to {@code bodyStart} (the empty line included), the body to {@code bodyEnd}.
 * The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
 *
 * @param bodyLines line feeds in the body
 */
public record Extent(long headerStart, long bodyStart, long bodyEnd, long bodyLines) {
    public Extent {
        if (headerStart < 0 || bodyStart < headerStart || bodyEnd < bodyStart || bodyLines < 0) {
            throw new IllegalArgumentException("extent");
        }
    }

    /** The same entity in a message that has {@code bytes} more in front. */
    Extent shifted(long bytes) {
        return new Extent(headerStart + bytes, bodyStart + bytes, bodyEnd + bytes, bodyLines);
    }

    public long headerSize() {
        return bodyStart - headerStart;
    }

    public long bodySize() {
        return bodyEnd - bodyStart;
    }

    /** Header and body. */
    public long size() {
        return bodyEnd - headerStart;
    }
}
