package mansio.codec.message;

import java.util.Optional;

/**
 * Content-Disposition, RFC 2183.
 *
 * @param type in lower case: inline, attachment, or another
 */
public record Disposition(String type, Parameters parameters) {
    /** Parses a field value, unfolded; empty when it has no type. */
    public static Optional<Disposition> parse(String value) {
        return MimeFieldParser.disposition(value);
    }

    /** The decoded file name as the sender wrote it: never a path to be trusted. */
    public Optional<String> filename() {
        return parameters.value("filename");
    }
}
