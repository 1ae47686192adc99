package mansio.trust.spf;

import mansio.codec.text.Ascii;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts values in for macros (RFC 7208 section 7.3). */
final class Expander {
    // A name keeps its right end only, and never more than this of it.
    private static final int KEPT = 1024;

    /** What a macro letter stands for. */
    @FunctionalInterface
    interface Values {
        /**
         * @param letter in lower case
         */
        String of(char letter);
    }

    private Expander() {}

    /** Expands what names a domain. Of a result that is far too long only the end is given. */
    static String name(MacroString text, Values values) {
        StringBuilder out = new StringBuilder();
        for (MacroString.Part part : text.parts()) {
            out.append(expanded(part, values));
            if (out.length() > 4 * KEPT) {
                out.delete(0, out.length() - KEPT);
            }
        }
        return out.toString();
    }

    /**
     * Expands what people read: at most so many chars, and nothing but printable ASCII, whatever
     * the values hold.
     */
    static String explanation(MacroString text, Values values, int maxLength) {
        StringBuilder out = new StringBuilder();
        for (MacroString.Part part : text.parts()) {
            out.append(expanded(part, values));
            if (out.length() >= maxLength) {
                break;
            }
        }
        return printable(out.toString(), maxLength);
    }

    /** The beginning of a text, with question marks for all that is not printable ASCII. */
    static String printable(String text, int maxLength) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < maxLength; i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return out.toString();
    }

    private static String expanded(MacroString.Part part, Values values) {
        return switch (part) {
            case MacroString.Part.Literal literal -> literal.text();
            case MacroString.Part.Macro macro -> {
                String value = transformed(values.of(macro.letter()), macro);
                yield macro.escaped() ? urlEscaped(value) : value;
            }
        };
    }

    private static String transformed(String value, MacroString.Part.Macro macro) {
        boolean plain =
                macro.count() == Integer.MAX_VALUE
                        && !macro.reversed()
                        && macro.delimiters().isEmpty();
        if (plain) {
            return value;
        }
        String delimiters = macro.delimiters().isEmpty() ? "." : macro.delimiters();
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || delimiters.indexOf(value.charAt(i)) >= 0) {
                parts.add(value.substring(start, i));
                start = i + 1;
            }
        }
        if (macro.reversed()) {
            Collections.reverse(parts);
        }
        int from = Math.max(0, parts.size() - macro.count());
        return String.join(".", parts.subList(from, parts.size()));
    }

    // RFC 3986 section 2.3: unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"
    private static String urlEscaped(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16);
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (Ascii.isLetter(c) || Ascii.isDigit(c) || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Ascii.upper(Character.toString(Character.forDigit(c >> 4, 16))))
                        .append(Ascii.upper(Character.toString(Character.forDigit(c & 15, 16))));
            }
        }
        return out.toString();
    }
}
