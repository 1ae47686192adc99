package mansio.codec.message;

/** Something in a message that the standards do not allow, and where. Parsing went on. */
public record Oddity(Kind kind, long offset) {
    /** What was odd. */
    public enum Kind {
        /** A header line without a field name and colon. */
        MALFORMED_FIELD,
        /** White space between field name and colon (RFC 5322 section 4.5). */
        SPACE_BEFORE_COLON,
        /** NUL in a header. */
        NUL_IN_HEADER,
        /** Bytes above 127 in a header that are not UTF-8 (RFC 6532). */
        NOT_UTF8_IN_HEADER,
        /** The header ended without an empty line. */
        HEADER_NOT_ENDED,
        /** {@link Limits#headerBytes} or {@link Limits#totalHeaderBytes} reached. */
        HEADER_TOO_LARGE,
        /** {@link Limits#headerFields} reached. */
        TOO_MANY_FIELDS,
        /** Content-Type that cannot be parsed; RFC 2045 section 5.2 applies. */
        BAD_CONTENT_TYPE,
        /** More than one Content-Type or Content-Transfer-Encoding; the first counts. */
        REPEATED_MIME_FIELD,
        /** A multipart without a usable boundary: an opaque body. */
        MISSING_BOUNDARY,
        /** A multipart in which no delimiter was found: an opaque body. */
        NO_PARTS,
        /** A multipart that ended without its close-delimiter. */
        MISSING_CLOSE_DELIMITER,
        /** A multipart or message with base64 or quoted-printable (RFC 2045 section 6.4). */
        ENCODED_COMPOSITE,
        /** An unknown Content-Transfer-Encoding. */
        UNKNOWN_ENCODING,
        /** {@link Limits#depth} reached. */
        TOO_DEEP,
        /** {@link Limits#parts} reached. */
        TOO_MANY_PARTS
    }
}
