package mansio.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A {@link Part} in the making; owned by one {@link MessageParser}. */
final class Entity {
    private static final byte[] NO_BOUNDARY = {};

    final long headerStart;
    final ContentType defaultType;

    private Header header = Header.EMPTY;
    private ContentType contentType = ContentType.TEXT_PLAIN;
    private String transferEncoding = "7bit";
    private long bodyStart;
    private long linesBefore;
    private byte[] boundary = NO_BOUNDARY;
    private List<Part> children = List.of();
    private Optional<Part> message = Optional.empty();

    Entity(long headerStart, ContentType defaultType) {
        this.headerStart = headerStart;
        this.defaultType = defaultType;
        this.bodyStart = headerStart;
    }

    /** The header is complete; the body begins at {@code start}, after {@code lines} lines. */
    void beginBody(Header complete, long start, long lines) {
        header = complete;
        bodyStart = start;
        linesBefore = lines;
    }

    /** Reads Content-Type and Content-Transfer-Encoding. */
    void readMimeFields(OddityLog oddities) {
        contentType = declaredType(oddities);
        Optional<String> encoding = header.value("Content-Transfer-Encoding");
        if (encoding.isPresent()) {
            transferEncoding = Part.mechanism(encoding.get());
            boolean known =
                    isIdentityEncoded()
                            || transferEncoding.equals("base64")
                            || transferEncoding.equals("quoted-printable");
            if (!known) {
                oddities.add(Oddity.Kind.UNKNOWN_ENCODING, headerStart);
            }
        }
        if (header.count("Content-Type") > 1 || header.count("Content-Transfer-Encoding") > 1) {
            oddities.add(Oddity.Kind.REPEATED_MIME_FIELD, headerStart);
        }
    }

    private ContentType declaredType(OddityLog oddities) {
        Optional<String> value = header.value("Content-Type");
        if (value.isEmpty()) {
            return defaultType;
        }
        Optional<ContentType> parsed = ContentType.parse(value.get());
        if (parsed.isEmpty()) {
            oddities.add(Oddity.Kind.BAD_CONTENT_TYPE, headerStart);
        }
        return parsed.orElse(ContentType.TEXT_PLAIN);
    }

    /** Makes a multipart look for its delimiters; false when it has no usable boundary. */
    boolean openMultipart() {
        String value = contentType.parameters().value("boundary").orElse("").stripTrailing();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > Limits.BOUNDARY) {
            return false;
        }
        boundary = bytes;
        children = new ArrayList<>(4);
        return true;
    }

    boolean isOpenMultipart() {
        return boundary.length > 0;
    }

    /** No more delimiters: the rest of the body is epilogue, or opaque. */
    void closeMultipart() {
        boundary = NO_BOUNDARY;
    }

    boolean isBoundary(byte[] line, int from, int to) {
        return to - from == boundary.length
                && boundary.length > 0
                && Arrays.equals(line, from, to, boundary, 0, boundary.length);
    }

    boolean isIdentityEncoded() {
        return Part.isIdentity(transferEncoding);
    }

    ContentType contentType() {
        return contentType;
    }

    ContentType typeOfChildren() {
        return contentType.is("multipart", "digest")
                ? ContentType.MESSAGE_RFC822
                : ContentType.TEXT_PLAIN;
    }

    boolean hasChildren() {
        return !children.isEmpty();
    }

    long bodyStart() {
        return bodyStart;
    }

    void add(Part part) {
        if (contentType.isMessage()) {
            message = Optional.of(part);
        } else {
            children.add(part);
        }
    }

    /** The finished part, of which {@code lines} is the count of lines of the message so far. */
    Part end(long bodyEnd, long lines) {
        Extent extent =
                new Extent(headerStart, bodyStart, bodyEnd, Math.max(0, lines - linesBefore));
        return new Part(header, extent, contentType, transferEncoding, children, message);
    }
}
