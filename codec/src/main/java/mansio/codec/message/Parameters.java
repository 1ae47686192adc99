package mansio.codec.message;

import mansio.codec.text.Ascii;
import mansio.codec.text.MailCharset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Parameters of a MIME field in the order of the field, names in lower case, values unquoted but
 * otherwise as they stand: continuations and encodings of RFC 2231 are undone by {@link #value}.
 */
public record Parameters(List<Parameter> list) {
    public static final Parameters NONE = new Parameters(List.of());

    /** One parameter; the name may bear the "*" marks of RFC 2231. */
    public record Parameter(String name, String value) {}

    public Parameters {
        list = List.copyOf(list);
    }

    /** The value as written of the first parameter with exactly this lower-case name. */
    public Optional<String> raw(String name) {
        for (Parameter parameter : list) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /**
     * The decoded value. A form of RFC 2231 is preferred to the plain one; in a plain one encoded
     * words of RFC 2047 are decoded too, although its section 5 forbids them: many senders write
     * file names so.
     *
     * @param name in lower case, without "*"
     */
    public Optional<String> value(String name) {
        Optional<String> extended = extended(name);
        return extended.isPresent() ? extended : raw(name).map(EncodedWords::decode);
    }

    // RFC 2231 sections 3 and 4.
    private Optional<String> extended(String name) {
        Optional<String> single = raw(name + "*");
        if (single.isPresent()) {
            return Optional.of(percentDecoded(single.get()));
        }
        Segments segments = new Segments(name);
        for (int i = 0; i < list.size() && segments.add(i); i++) {
            // Segments are taken in the order of their numbers.
        }
        return segments.result();
    }

    private static String percentDecoded(String value) {
        int charsetEnd = value.indexOf('\'');
        int languageEnd = charsetEnd < 0 ? -1 : value.indexOf('\'', charsetEnd + 1);
        if (languageEnd < 0) {
            return MailCharset.guess(percentBytes(value));
        }
        byte[] bytes = percentBytes(value.substring(languageEnd + 1));
        return MailCharset.decode(bytes, value.substring(0, charsetEnd)).text();
    }

    private static byte[] percentBytes(String value) {
        byte[] in = value.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = i + 2 < in.length ? Ascii.hexValue(in[i + 1]) : -1;
            int low = high >= 0 ? Ascii.hexValue(in[i + 2]) : -1;
            if (in[i] == '%' && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toByteArray();
    }

    /** Puts {@code name*0}, {@code name*1*} ... together. */
    private final class Segments {
        private final String name;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private String charset = "";
        private boolean any;

        Segments(String name) {
            this.name = name;
        }

        /** Adds segment {@code number}; false when it is missing. */
        boolean add(int number) {
            String plainName = name + "*" + number;
            Optional<String> encoded = raw(plainName + "*");
            if (encoded.isPresent()) {
                String value = encoded.get();
                byte[] decoded = percentBytes(number == 0 ? withoutCharset(value) : value);
                bytes.write(decoded, 0, decoded.length);
            } else {
                Optional<String> plain = raw(plainName);
                if (plain.isEmpty()) {
                    return false;
                }
                byte[] literal = plain.get().getBytes(StandardCharsets.UTF_8);
                bytes.write(literal, 0, literal.length);
            }
            any = true;
            return true;
        }

        private String withoutCharset(String value) {
            int charsetEnd = value.indexOf('\'');
            int languageEnd = charsetEnd < 0 ? -1 : value.indexOf('\'', charsetEnd + 1);
            if (languageEnd < 0) {
                return value;
            }
            charset = value.substring(0, charsetEnd);
            return value.substring(languageEnd + 1);
        }

        Optional<String> result() {
            return any
                    ? Optional.of(
                            EncodedWords.decode(
                                    MailCharset.decode(bytes.toByteArray(), charset).text()))
                    : Optional.empty();
        }
    }
}
