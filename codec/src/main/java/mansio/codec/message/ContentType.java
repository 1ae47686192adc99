package mansio.codec.message;

import java.util.Optional;

/**
 * Content-Type, RFC 2045 section 5.
 *
 * @param type in lower case
 * @param subtype in lower case
 */
public record ContentType(String type, String subtype, Parameters parameters) {
    /** RFC 2045 section 5.2: what a message without Content-Type has. */
    public static final ContentType TEXT_PLAIN = new ContentType("text", "plain", Parameters.NONE);

    /** RFC 2046 section 5.1.5: what a part of a multipart/digest without Content-Type has. */
    public static final ContentType MESSAGE_RFC822 =
            new ContentType("message", "rfc822", Parameters.NONE);

    /** Parses a field value, unfolded; empty when it has no type and subtype. */
    public static Optional<ContentType> parse(String value) {
        return MimeFieldParser.contentType(value);
    }

    public boolean is(String wantedType, String wantedSubtype) {
        return type.equals(wantedType) && subtype.equals(wantedSubtype);
    }

    public boolean isText() {
        return type.equals("text");
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /** True for message/rfc822 and message/global (RFC 6532 section 3.7). */
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    /** The charset parameter as written; empty text when there is none. */
    public String charset() {
        return parameters.value("charset").orElse("");
    }

    /** {@code type/subtype} in lower case. */
    public String mediaType() {
        return type + "/" + subtype;
    }
}
