package mansio.trust.psl;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules in three arrays: some 10,000 take 200 KiB, where objects would take several times that.
 * Immutable.
 */
final class SuffixTable {
    /** The name itself is a public suffix. */
    static final int RULE = 1;

    /** So is every name one label below it. */
    static final int WILDCARD = 2;

    /** It is not, though a wildcard says so. */
    static final int EXCEPTION = 4;

    /** The same three, for what private parties list, are so many bits further up. */
    static final int PRIVATE_SHIFT = 3;

    private final byte[] text;
    private final int[] ends;
    private final byte[] flags;

    /**
     * @param rules flags by name, names in A-labels
     */
    SuffixTable(Map<String, Integer> rules) {
        TreeMap<String, Integer> sorted = new TreeMap<>(rules);
        text = String.join("", sorted.keySet()).getBytes(StandardCharsets.US_ASCII);
        ends = new int[sorted.size()];
        flags = new byte[sorted.size()];
        int i = 0;
        int end = 0;
        for (Map.Entry<String, Integer> rule : sorted.entrySet()) {
            end += rule.getKey().length();
            ends[i] = end;
            flags[i++] = rule.getValue().byteValue();
        }
    }

    /** How many names have rules. */
    int size() {
        return ends.length;
    }

    /** What the arrays take. */
    long bytes() {
        return text.length + 4L * ends.length + flags.length;
    }

    /** The flags of the name that begins at a place of a text and goes on to its end; else 0. */
    int flags(String name, int from) {
        int low = 0;
        int high = ends.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = compare(name, from, middle);
            if (compared == 0) {
                return flags[middle];
            }
            if (compared < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return 0;
    }

    private int compare(String name, int from, int rule) {
        int start = rule == 0 ? 0 : ends[rule - 1];
        int length = ends[rule] - start;
        int rest = name.length() - from;
        for (int i = 0; i < Math.min(length, rest); i++) {
            int difference = name.charAt(from + i) - text[start + i];
            if (difference != 0) {
                return difference;
            }
        }
        return rest - length;
    }
}
