package mansio.trust.dkim;

import mansio.codec.text.Ascii;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a message byte for byte, every field of it: nothing is left out as the parser for
 * readers does, because a field that is not seen is a field that somebody added. Lines end as they
 * do for that parser, at CRLF and at a bare LF. Immutable; it keeps the bytes and three numbers a
 * field, since who sends little bytes of header can make many fields of them.
 */
public final class RawHeader {
    /** Start, colon (or -1), end of each field. */
    private static final int WIDTH = 3;

    private final byte[] bytes;
    private final int[] index;
    private final int size;
    private final boolean complete;

    private RawHeader(byte[] bytes, int[] index, int size, boolean complete) {
        this.bytes = bytes;
        this.index = index;
        this.size = size;
        this.complete = complete;
    }

    /** The header in these bytes, with or without the empty line that ends it. */
    public static RawHeader parse(byte[] bytes) {
        return parse(bytes, bytes.length, true);
    }

    /**
     * @param complete false when the header went on and was not kept
     */
    static RawHeader parse(byte[] bytes, int length, boolean complete) {
        int[] index = new int[WIDTH * 32];
        int size = 0;
        int at = 0;
        while (at < length && !isEmptyLine(bytes, at, length)) {
            int end = lineEnd(bytes, at, length);
            while (end < length && (bytes[end] == ' ' || bytes[end] == '\t')) {
                end = lineEnd(bytes, end, length);
            }
            if (size * WIDTH == index.length) {
                index = Arrays.copyOf(index, index.length * 2);
            }
            index[size * WIDTH] = at;
            index[size * WIDTH + 1] = colon(bytes, at, end);
            index[size * WIDTH + 2] = end;
            size++;
            at = end;
        }
        return new RawHeader(bytes, index, size, complete);
    }

    private static boolean isEmptyLine(byte[] bytes, int at, int length) {
        return bytes[at] == '\n' || (bytes[at] == '\r' && at + 1 < length && bytes[at + 1] == '\n');
    }

    private static int lineEnd(byte[] bytes, int at, int length) {
        int i = at;
        while (i < length && bytes[i] != '\n') {
            i++;
        }
        return i < length ? i + 1 : length;
    }

    // RFC 5322 2.2: printable US-ASCII except colon; 4.5: white space before the colon.
    private static int colon(byte[] line, int start, int end) {
        int i = start;
        while (i < end && line[i] > ' ' && line[i] < 0x7f && line[i] != ':') {
            i++;
        }
        int nameEnd = i;
        while (i < end && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return nameEnd > start && i < end && line[i] == ':' ? i : -1;
    }

    private RawField field(int i) {
        return new RawField(bytes, index[i * WIDTH], index[i * WIDTH + 1], index[i * WIDTH + 2]);
    }

    /** The fields of a name in lower case, from the top. */
    public List<RawField> all(String name) {
        List<RawField> found = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (isNamed(i, name)) {
                found.add(field(i));
            }
        }
        return List.copyOf(found);
    }

    /** How many fields have this name, which is in lower case. */
    public int count(String name) {
        int found = 0;
        for (int i = 0; i < size; i++) {
            found += isNamed(i, name) ? 1 : 0;
        }
        return found;
    }

    private boolean isNamed(int i, String name) {
        int start = index[i * WIDTH];
        int colon = index[i * WIDTH + 1];
        if (colon - start < name.length()) {
            return false;
        }
        for (int at = 0; at < name.length(); at++) {
            if (Ascii.lower((char) (bytes[start + at] & 0xff)) != name.charAt(at)) {
                return false;
            }
        }
        int behind = start + name.length();
        return behind == colon || bytes[behind] == ' ' || bytes[behind] == '\t';
    }

    /** The fields of these names, each name's from the top. One pass, however many names. */
    private Map<String, List<RawField>> named(List<String> names) {
        Map<String, List<RawField>> found = new HashMap<>();
        names.forEach(name -> found.computeIfAbsent(name, _ -> new ArrayList<>(1)));
        for (int i = 0; i < size; i++) {
            RawField field = field(i);
            List<RawField> same = found.get(field.name());
            if (same != null) {
                same.add(field);
            }
        }
        return found;
    }

    /**
     * False when the header was too large to be kept: then nothing can be said of its signatures.
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * What the header part of a signature signs (RFC 6376 section 3.7): the fields named, each name
     * taking the lowest field that is not taken yet, or nothing (section 5.4.2); then the signature
     * field itself without its signature and without final line break.
     *
     * @param names in lower case, as often as fields of it are signed
     */
    public byte[] signedData(List<String> names, Canonicalization how, RawField signature) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        Map<String, List<RawField>> left = named(names);
        for (String name : names) {
            List<RawField> of = left.getOrDefault(name, List.of());
            if (!of.isEmpty()) {
                out.writeBytes(of.removeLast().canonical(how));
            }
        }
        byte[] self = signature.withoutSignature().canonical(how);
        out.write(self, 0, self.length - 2);
        return out.toByteArray();
    }
}
