package mansio.trust.dkim;

import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of tags and values, {@code a=b; c=d}: what signatures, keys and the records of DMARC are
 * written in (RFC 6376 section 3.2, with the UTF-8 of RFC 8616). Names are compared in their case.
 * Immutable.
 */
public final class TagList {
    /** Tags of one list. */
    public static final int MAX_TAGS = 100;

    private final Map<String, String> values;

    private TagList(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a list in one pass. White space, folded or not, is allowed around names and values.
     *
     * @throws SyntaxException when it is no tag list, a name is there twice, or there are more than
     *     {@link #MAX_TAGS}
     */
    public static TagList parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        Cursor in = new Cursor(text);
        do {
            in.skipWhile(TagList::isSpace);
            if (in.atEnd() && !values.isEmpty()) {
                break; // A semicolon may end the list.
            }
            readTag(in, values);
        } while (in.take(';'));
        in.expectEnd();
        return new TagList(values);
    }

    // tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
    private static void readTag(Cursor in, Map<String, String> values) {
        int at = in.offset();
        if (!Ascii.isLetter(in.peek())) {
            throw in.fail("expected the name of a tag");
        }
        String name = in.takeWhile(c -> Ascii.isLetter(c) || Ascii.isDigit(c) || c == '_');
        in.skipWhile(TagList::isSpace);
        in.expect('=');
        String value = in.takeWhile(TagList::isValueChar);
        if (values.size() == MAX_TAGS) {
            throw new SyntaxException("more than " + MAX_TAGS + " tags", at);
        }
        if (values.putIfAbsent(name, trimmed(value)) != null) {
            throw new SyntaxException("a tag is there twice", at);
        }
    }

    // VALCHAR = %x21-3A / %x3C-7E ; EXCLAMATION to TILDE except SEMICOLON (RFC 8616: and UTF-8)
    private static boolean isValueChar(char c) {
        return (c > ' ' && c != ';' && c != 0x7f) || isSpace(c);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String trimmed(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    /** The value without white space around it; what is inside is kept. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value without any white space, as base64 and lists want it. */
    public Optional<String> compact(String name) {
        return value(name).map(TagList::withoutSpace);
    }

    /**
     * The items between colons, without white space.
     *
     * @return empty when there is no such tag; one empty item for a tag without value
     */
    public List<String> items(String name) {
        List<String> items = new ArrayList<>();
        String text = compact(name).orElse(null);
        if (text == null) {
            return items;
        }
        int from = 0;
        for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', from)) {
            items.add(text.substring(from, colon));
            from = colon + 1;
        }
        items.add(text.substring(from));
        return items;
    }

    /** True when the tag is there, with a value or without. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The names in their order. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    static String withoutSpace(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (!isSpace(value.charAt(i))) {
                out.append(value.charAt(i));
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
