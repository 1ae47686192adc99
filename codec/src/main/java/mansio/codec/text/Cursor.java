package mansio.codec.text;

/**
 * A position in a text, for hand-written parsers. It knows no protocol. Two families of methods:
 * <em>take</em> tries and moves nothing on failure; <em>expect</em> throws {@link SyntaxException}
 * with the offset. Used by one thread.
 *
 * @see ByteCursor the same over bytes
 */
public final class Cursor {
    /** What {@link #peek()} gives at the end; no char has this value. */
    public static final int END = -1;

    /** Tells which chars belong to a token. */
    @FunctionalInterface
    public interface CharTest {
        boolean test(char c);
    }

    private final String text;
    private int at;

    public Cursor(String text) {
        this.text = text;
    }

    /** Chars from the start of the text. */
    public int offset() {
        return at;
    }

    public boolean atEnd() {
        return at == text.length();
    }

    /** The next char without moving, or {@link #END}. */
    public int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    /** The char {@code ahead} places after the next one, or {@link #END}. */
    public int peek(int ahead) {
        return ahead < text.length() - at ? text.charAt(at + ahead) : END;
    }

    /** The next char, moving past it. */
    public char next() {
        if (atEnd()) {
            throw fail("unexpected end");
        }
        return text.charAt(at++);
    }

    /** Goes back (or on) to an offset had from {@link #offset()}. */
    public void reset(int offset) {
        if (offset < 0 || offset > text.length()) {
            throw new IndexOutOfBoundsException(offset);
        }
        at = offset;
    }

    public boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes exactly this text. */
    public boolean take(String exact) {
        if (!text.startsWith(exact, at)) {
            return false;
        }
        at += exact.length();
        return true;
    }

    /** Takes this text in any case of the ASCII letters. */
    public boolean takeIgnoreCase(String word) {
        if (word.length() > text.length() - at) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Ascii.lower(word.charAt(i)) != Ascii.lower(text.charAt(at + i))) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    /** Takes as many chars as pass, perhaps none, and gives them. */
    public String takeWhile(CharTest test) {
        int start = at;
        skipWhile(test);
        return text.substring(start, at);
    }

    /** Skips as many chars as pass. */
    public void skipWhile(CharTest test) {
        while (at < text.length() && test.test(text.charAt(at))) {
            at++;
        }
    }

    /** Takes all that is left. */
    public String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    public void expect(char c) {
        if (!take(c)) {
            throw fail("expected '" + c + "'");
        }
    }

    public void expect(String exact) {
        if (!take(exact)) {
            throw fail("expected \"" + exact + "\"");
        }
    }

    public void expectIgnoreCase(String word) {
        if (!takeIgnoreCase(word)) {
            throw fail("expected \"" + word + "\"");
        }
    }

    /** Takes one or more chars that pass. {@code what} names the production for the error. */
    public String expectWhile(String what, CharTest test) {
        String taken = takeWhile(test);
        if (taken.isEmpty()) {
            throw fail("expected " + what);
        }
        return taken;
    }

    /**
     * Takes a decimal number of ASCII digits.
     *
     * @param max the largest value allowed, not negative
     */
    public long expectNumber(long max) {
        int start = at;
        long value = 0;
        while (at < text.length() && Ascii.isDigit(text.charAt(at))) {
            int digit = text.charAt(at) - '0';
            if (value > (max - digit) / 10) {
                at = start;
                throw fail("number too large");
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == start) {
            throw fail("expected a number");
        }
        return value;
    }

    public void expectEnd() {
        if (!atEnd()) {
            throw fail("unexpected text");
        }
    }

    /** The text between two offsets. */
    public String between(int start, int end) {
        return text.substring(start, end);
    }

    /** An exception for the current offset, to be thrown. */
    public SyntaxException fail(String message) {
        return new SyntaxException(message, at);
    }
}
