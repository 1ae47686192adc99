package mansio.codec.message;

import mansio.codec.text.Ascii;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The header of a message or part: its fields in order, as they stand in the bytes. Immutable.
 * Names are compared in any case. Lines that are no fields are in {@link #fields()} and found by no
 * name.
 */
public final class Header {
    /** A header without fields. */
    public static final Header EMPTY = new Header(new byte[0], 0, new int[0], 0);

    /** Start, colon (or -1), end of each field. */
    private static final int WIDTH = 3;

    private final byte[] bytes;
    private final long offset;
    private final int[] index;
    private final int count;

    Header(byte[] bytes, long offset, int[] index, int count) {
        this.bytes = bytes;
        this.offset = offset;
        this.index = index;
        this.count = count;
    }

    /** The header at the start of these bytes, which may go on after it. */
    public static Header parse(byte[] message) {
        return MessageParser.parse(message).root().header();
    }

    /** Where its first byte lies in the message. */
    public long offset() {
        return offset;
    }

    /** The same header in a message that has {@code more} bytes in front. */
    Header shifted(long more) {
        return count == 0 ? this : new Header(bytes, offset + more, index, count);
    }

    /** The same fields with more in front: whole ones, each with its line break. */
    Header behind(byte[] fields) {
        Header more = parse(fields);
        byte[] kept = raw();
        byte[] all = Arrays.copyOf(fields, fields.length + kept.length);
        System.arraycopy(kept, 0, all, fields.length, kept.length);
        int[] places = Arrays.copyOf(more.index, (more.count + count) * WIDTH);
        for (int i = 0; i < count * WIDTH; i++) {
            boolean none = index[i] < 0;
            places[more.count * WIDTH + i] = none ? -1 : index[i] - index[0] + fields.length;
        }
        return new Header(all, 0, places, more.count + count);
    }

    /** How many fields were kept. */
    public int size() {
        return count;
    }

    public HeaderField field(int i) {
        int at = i * WIDTH;
        return new HeaderField(bytes, index[at], index[at + 1], index[at + 2], offset + index[at]);
    }

    public List<HeaderField> fields() {
        List<HeaderField> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(field(i));
        }
        return fields;
    }

    /** The uppermost field of this name. */
    public Optional<HeaderField> first(String name) {
        int i = find(name, 0);
        return i < 0 ? Optional.empty() : Optional.of(field(i));
    }

    /** The lowest field of this name. */
    public Optional<HeaderField> last(String name) {
        for (int i = count - 1; i >= 0; i--) {
            if (isNamed(i, name)) {
                return Optional.of(field(i));
            }
        }
        return Optional.empty();
    }

    /** All fields of this name, from top to bottom. */
    public List<HeaderField> all(String name) {
        List<HeaderField> found = new ArrayList<>();
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            found.add(field(i));
        }
        return found;
    }

    /** How many fields have this name; {@code count("Received")} is the hops of a message. */
    public int count(String name) {
        int found = 0;
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            found++;
        }
        return found;
    }

    /** The unfolded value of the uppermost field of this name. */
    public Optional<String> value(String name) {
        int i = find(name, 0);
        return i < 0 ? Optional.empty() : Optional.of(field(i).unfolded());
    }

    /** The kept fields as they stand, without the empty line that ends the header. */
    public byte[] raw() {
        return count == 0
                ? new byte[0]
                : Arrays.copyOfRange(bytes, index[0], index[count * WIDTH - 1]);
    }

    private int find(String name, int from) {
        for (int i = from; i < count; i++) {
            if (isNamed(i, name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNamed(int i, String name) {
        int start = index[i * WIDTH];
        // Most names differ in their first letter.
        return Ascii.lower((char) (bytes[start] & 0xff)) == Ascii.lower(name.charAt(0))
                && HeaderField.matches(bytes, start, index[i * WIDTH + 1], name);
    }
}
