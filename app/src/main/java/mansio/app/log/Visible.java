package mansio.app.log;

/**
 * Which characters of text from outside may reach a terminal or a log. Control characters steer
 * terminals, and those that turn the direction of writing make a line say something else than what
 * it is.
 */
public final class Visible {
    private Visible() {}

    /** True for what is written as {@code \}{@code uXXXX} instead. */
    public static boolean isHidden(char c) {
        return Character.isISOControl(c)
                || c == '\u061c' // Marks, embeddings, overrides and isolates of direction.
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\u2028' // Ends of lines and paragraphs.
                || c == '\u2029';
    }

    /** The text on one line, what is hidden in it made visible; a JSON text stays the same. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) append(line, text.charAt(i));
        return line.toString();
    }

    /** As {@link #line}, but ends of lines and tabs stay. */
    public static String lines(String text) {
        StringBuilder lines = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\t') lines.append(c);
            else append(lines, c);
        }
        return lines.toString();
    }

    private static void append(StringBuilder to, char c) {
        if (isHidden(c)) to.append(String.format("\\u%04x", (int) c));
        else to.append(c);
    }
}
