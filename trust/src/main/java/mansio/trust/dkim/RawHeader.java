package mansio.trust.dkim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a message byte for byte, every field of it: nothing is left out as the parser for
 * readers does, because a field that is not seen is a field that somebody added. Lines end as they
 * do for that parser, at CRLF and at a bare LF. Immutable.
 */
public final class RawHeader {
    private final Map<String, List<RawField>> byName = new HashMap<>();
    private final boolean complete;

    private RawHeader(List<RawField> fields, boolean complete) {
        this.complete = complete;
        for (RawField field : fields) {
            byName.computeIfAbsent(field.name(), _ -> new ArrayList<>(1)).add(field);
        }
    }

    /** The header in these bytes, with or without the empty line that ends it. */
    public static RawHeader parse(byte[] bytes) {
        return parse(bytes, bytes.length, true);
    }

    /**
     * @param complete false when the header went on and was not kept
     */
    static RawHeader parse(byte[] bytes, int length, boolean complete) {
        List<RawField> fields = new ArrayList<>();
        int at = 0;
        while (at < length && !isEmptyLine(bytes, at, length)) {
            int end = lineEnd(bytes, at, length);
            while (end < length && (bytes[end] == ' ' || bytes[end] == '\t')) {
                end = lineEnd(bytes, end, length);
            }
            fields.add(new RawField(bytes, at, colon(bytes, at, end), end));
            at = end;
        }
        return new RawHeader(fields, complete);
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

    /** The fields of a name in lower case, from the top. */
    public List<RawField> all(String name) {
        return List.copyOf(byName.getOrDefault(name, List.of()));
    }

    /** How many fields have this name, which is in lower case. */
    public int count(String name) {
        return byName.getOrDefault(name, List.of()).size();
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
        Map<String, Integer> taken = new HashMap<>();
        for (String name : names) {
            List<RawField> of = byName.getOrDefault(name, List.of());
            int nth = taken.merge(name, 1, Integer::sum);
            if (nth <= of.size()) {
                out.writeBytes(of.get(of.size() - nth).canonical(how));
            }
        }
        byte[] self = signature.withoutSignature().canonical(how);
        out.write(self, 0, self.length - 2);
        return out.toByteArray();
    }
}
