package mansio.codec.message;

import mansio.codec.text.Address;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Other addresses in the fields of a header. Only the addr-specs of RFC 5322 section 3.4.1 are
 * replaced: names, comments, groups, folding and all other fields stay byte for byte. A line that
 * would become longer than {@value #MAX_LINE} octets (RFC 5322 section 2.1.1) is folded behind a
 * comma or a display name.
 */
public final class HeaderRewriter {
    /** Fields that one call changes. */
    static final int MAX_EDITS = 200;

    /** Bytes that one call puts in their places. */
    static final int MAX_BYTES = 24 << 10;

    private static final int MAX_LINE = 998;

    /** Whom a field names. Return-Path is no part of this: it is written at delivery. */
    private static final Map<String, Side> FIELDS = fields();

    private HeaderRewriter() {}

    /** Whether an address sends or receives. */
    public enum Side {
        SENDER,
        RECIPIENT
    }

    /** What an address becomes. */
    @FunctionalInterface
    public interface Mapping {
        /** Empty when it stays. */
        Optional<Address> map(Address address, Side side) throws IOException;
    }

    /**
     * Bytes that take the place of others.
     *
     * @param from the offset in the message of the first byte replaced
     * @param to behind the last one
     */
    public record Edit(long from, long to, byte[] bytes) {}

    /**
     * What has to change.
     *
     * @param edits in the order of their places, none over another
     * @param leftOut names of fields that stay because there is too much to change; sorted
     */
    public record Edits(List<Edit> edits, List<String> leftOut) {
        /** Nothing. */
        public static final Edits NONE = new Edits(List.of(), List.of());

        public Edits {
            edits = List.copyOf(edits);
            leftOut = List.copyOf(leftOut);
        }

        /** The header without some of its fields. */
        public static Edits without(List<HeaderField> fields) {
            List<Edit> cuts = new ArrayList<>();
            for (HeaderField field : fields) {
                long from = field.offset();
                cuts.add(new Edit(from, from + field.raw().length, new byte[0]));
            }
            return new Edits(cuts, List.of());
        }

        /**
         * These and others.
         *
         * @param others none of them over one of these
         */
        public Edits and(Edits others) {
            if (others.equals(NONE)) return this;
            List<Edit> all = new ArrayList<>(edits);
            all.addAll(others.edits);
            all.sort(Comparator.comparingLong(Edit::from));
            List<String> left = new ArrayList<>(leftOut);
            left.addAll(others.leftOut);
            return new Edits(all, left.stream().sorted().toList());
        }

        /** The bytes of the message, from its beginning on, with the changes made. */
        public byte[] applied(byte[] message) {
            if (edits.isEmpty()) return message;
            ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 256);
            int at = 0;
            for (Edit edit : edits) {
                out.write(message, at, (int) edit.from - at);
                out.writeBytes(edit.bytes);
                at = (int) edit.to;
            }
            out.write(message, at, message.length - at);
            return out.toByteArray();
        }
    }

    private static Map<String, Side> fields() {
        Map<String, Side> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name :
                List.of(
                        "From",
                        "Sender",
                        "Reply-To",
                        "Resent-From",
                        "Resent-Sender",
                        "Resent-Reply-To",
                        "Errors-To",
                        "Mail-Reply-To",
                        "Return-Receipt-To",
                        "Disposition-Notification-To")) {
            fields.put(name, Side.SENDER);
        }
        for (String name :
                List.of(
                        "To",
                        "Cc",
                        "Bcc",
                        "Apparently-To",
                        "Mail-Followup-To",
                        "Resent-To",
                        "Resent-Cc",
                        "Resent-Bcc")) {
            fields.put(name, Side.RECIPIENT);
        }
        return fields;
    }

    /**
     * Looks at all fields with addresses.
     *
     * @throws IOException when the mapping cannot tell
     */
    public static Edits edits(Header header, Mapping mapping) throws IOException {
        List<Changed> changed = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            HeaderField field = header.field(i);
            Side side = FIELDS.get(field.name());
            if (side != null) {
                byte[] now = rewritten(field, side, mapping);
                if (now.length > 0) changed.add(new Changed(field, now));
            }
        }
        return changed.isEmpty() ? Edits.NONE : bounded(changed);
    }

    /** A field and what it becomes. */
    private record Changed(HeaderField field, byte[] now) {
        Edit edit() {
            return new Edit(field.offset(), field.offset() + field.length(), now);
        }
    }

    /** The small ones first: a From is never left out for a long list of recipients. */
    private static Edits bounded(List<Changed> changed) {
        changed.sort(Comparator.comparingInt(it -> it.now.length));
        List<Edit> edits = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        int bytes = 0;
        for (Changed one : changed) {
            if (edits.size() == MAX_EDITS || bytes + one.now.length > MAX_BYTES) {
                leftOut.add(one.field.name());
            } else {
                bytes += one.now.length;
                edits.add(one.edit());
            }
        }
        edits.sort(Comparator.comparingLong(Edit::from));
        return new Edits(edits, leftOut.stream().distinct().sorted().toList());
    }

    /** The field with other addresses; empty when all stay. */
    private static byte[] rewritten(HeaderField field, Side side, Mapping mapping)
            throws IOException {
        List<AddressSpans.Span> spans = AddressSpans.of(field);
        List<Optional<Address>> others = new ArrayList<>();
        boolean any = false;
        for (AddressSpans.Span span : spans) {
            Optional<Address> other =
                    mapping.map(span.address(), side).filter(it -> !it.equals(span.address()));
            others.add(other);
            any |= other.isPresent();
        }
        if (!any) return new byte[0];
        Writer out = new Writer(field.raw());
        for (int i = 0; i < spans.size(); i++) {
            int entryEnd = i + 1 < spans.size() ? spans.get(i + 1).entryStart() : field.length();
            out.entry(spans.get(i), others.get(i), entryEnd);
        }
        return out.rest();
    }

    /** Copies a field, entry by entry. */
    private static final class Writer {
        private final byte[] bytes;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int at;
        private int lineStart;
        private boolean grown;

        Writer(byte[] bytes) {
            this.bytes = bytes;
        }

        void entry(AddressSpans.Span span, Optional<Address> other, int entryEnd) {
            byte[] address =
                    other.map(it -> it.toWire().getBytes(StandardCharsets.UTF_8))
                            .orElseGet(() -> Arrays.copyOfRange(bytes, span.from(), span.to()));
            copy(span.entryStart());
            grown |= other.isPresent();
            int length = address.length - (span.to() - span.from()) + entryEnd - span.entryStart();
            boolean behindComma = span.entryStart() > 0 && bytes[span.entryStart() - 1] == ',';
            if (grown && behindComma && out.size() - lineStart + length > MAX_LINE) fold(span);
            // Behind a long display name there is one more place for it.
            int start = span.from() - (bytes[span.from() - 1] == '<' ? 1 : 0);
            copy(start);
            boolean behindSpace = bytes[start - 1] == ' ' || bytes[start - 1] == '\t';
            int rest = address.length + lineRest(span.to());
            if (grown && behindSpace && out.size() - lineStart + 1 + rest > MAX_LINE) {
                out.writeBytes(new byte[] {'\r', '\n', ' '});
                lineStart = out.size() - 1;
            }
            copy(span.from());
            out.writeBytes(address);
            at = span.to();
        }

        /** Bytes from here to the next comma or line end. */
        private int lineRest(int from) {
            int end = from;
            while (end < bytes.length && bytes[end] != ',' && bytes[end] != '\r') end++;
            return end - from;
        }

        private void fold(AddressSpans.Span span) {
            byte next = bytes[span.entryStart()];
            if (next == '\r' || next == '\n') return; // It is folded here.
            out.write('\r');
            out.write('\n');
            lineStart = out.size();
            if (next != ' ' && next != '\t') out.write(' ');
        }

        private void copy(int to) {
            for (; at < to; at++) {
                out.write(bytes[at]);
                if (bytes[at] == '\n') lineStart = out.size();
            }
        }

        byte[] rest() {
            copy(bytes.length);
            return out.toByteArray();
        }
    }
}
