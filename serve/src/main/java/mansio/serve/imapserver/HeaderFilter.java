package mansio.serve.imapserver;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** HEADER.FIELDS and HEADER.FIELDS.NOT: RFC 9051 section 6.4.5. */
final class HeaderFilter {
    /** Octets of a header that are looked at; more than the message parser keeps. */
    static final int MAX_BYTES = 1 << 20;

    private HeaderFilter() {}

    /**
     * The fields as they stand, in their order, and the empty line.
     *
     * @param wanted true for HEADER.FIELDS, false for HEADER.FIELDS.NOT
     */
    static byte[] filter(byte[] header, List<String> names, boolean wanted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(header.length, 4096));
        for (HeaderField field : Header.parse(header).fields()) {
            if (names.stream().anyMatch(field::is) == wanted) {
                byte[] raw = field.raw();
                out.write(raw, 0, raw.length);
            }
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }
}
