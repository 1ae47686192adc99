package mansio.state.postfix;

import java.util.ArrayList;
import java.util.List;

/**
 * One logical line of a table: lines that begin with space or tab continue the one before, also
 * behind empty lines and comments, as Postfix reads them.
 *
 * @param number of its first line, counted from the first of the text
 * @param text without line ends; begins with no space
 */
record TableLine(int number, String text) {
    /** Longest logical line, in chars. */
    static final int MAX_LENGTH = 100_000;

    /** All that are not empty and no comments. */
    static List<TableLine> of(List<String> lines, int firstLine) {
        List<TableLine> found = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            boolean more = Character.isWhitespace(line.charAt(0)) && !text.isEmpty();
            if (!more && !text.isEmpty()) {
                found.add(new TableLine(number, text.toString().strip()));
                text.setLength(0);
            }
            if (!more) {
                number = firstLine + i;
            }
            if (text.length() <= MAX_LENGTH) {
                text.append(more ? " " : "").append(line.strip());
            }
        }
        if (!text.isEmpty()) {
            found.add(new TableLine(number, text.toString()));
        }
        return found;
    }

    boolean isTooLong() {
        return text.length() > MAX_LENGTH;
    }

    /** True for a line of a regexp or pcre table. */
    boolean isExpression() {
        return text.startsWith("/") || text.startsWith("!/") || text.matches("(?i)(if|endif)\\b.*");
    }

    /** What stands before the first space outside of quotes. */
    String key() {
        return text.substring(0, keyEnd());
    }

    /** What stands behind it; may be empty. */
    String value() {
        return text.substring(keyEnd()).strip();
    }

    private int keyEnd() {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && Character.isWhitespace(c)) {
                return i;
            }
        }
        return text.length();
    }

    /** The items of a list: parted by commas, or by spaces too, outside of quotes. */
    static List<String> items(String list, boolean spacesPart) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (quoted && c == '\\' && i + 1 < list.length()) {
                item.append(c).append(list.charAt(++i));
            } else if (!quoted && (c == ',' || (spacesPart && Character.isWhitespace(c)))) {
                add(items, item);
            } else {
                quoted ^= c == '"';
                item.append(c);
            }
        }
        add(items, item);
        return items;
    }

    private static void add(List<String> items, StringBuilder item) {
        if (!item.toString().isBlank()) {
            items.add(item.toString().strip());
        }
        item.setLength(0);
    }
}
