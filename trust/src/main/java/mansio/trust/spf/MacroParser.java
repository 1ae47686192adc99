package mansio.trust.spf;

import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;

import java.util.ArrayList;
import java.util.List;

/** Reads text with macros: the grammar of RFC 7208 section 7.1. One object reads one text. */
final class MacroParser {
    private static final String LETTERS = "slodiphcrtv";
    private static final String LETTERS_OF_EXPLANATIONS = "crt";
    private static final String DELIMITERS = ".-+,/_=";

    /** Where the text stands, which says what it may hold. */
    enum Use {
        DOMAIN_SPEC,
        UNKNOWN_MODIFIER,
        EXPLANATION
    }

    private final String text;
    private final Cursor in;
    private final int base;
    private final Use use;
    private final List<MacroString.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int afterMacro;

    /**
     * @param base offset of the text in what holds it, for faults
     */
    MacroParser(String text, int base, Use use) {
        this.text = text;
        this.in = new Cursor(text);
        this.base = base;
        this.use = use;
    }

    /**
     * @throws SyntaxException with an offset from {@code base}
     */
    MacroString read() {
        while (!in.atEnd()) {
            if (in.take('%')) {
                macroExpand();
                afterMacro = in.offset();
            } else {
                macroLiteral();
            }
        }
        endLiteral();
        if (use == Use.DOMAIN_SPEC) {
            domainEnd();
        }
        return new MacroString(text, parts);
    }

    // macro-literal = %x21-24 / %x26-7E; explain-string adds SP
    private void macroLiteral() {
        char c = (char) in.peek();
        boolean visible = c > ' ' && c < 0x7f;
        if (!visible && (c != ' ' || use != Use.EXPLANATION)) {
            throw fault("a character that is not visible ASCII", in.offset());
        }
        literal.append(in.next());
    }

    // macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
    private void macroExpand() {
        int start = in.offset() - 1;
        if (in.take('%')) {
            literal.append('%');
        } else if (in.take('_')) {
            literal.append(' ');
        } else if (in.take('-')) {
            literal.append("%20");
        } else if (in.take('{')) {
            endLiteral();
            parts.add(macro(start));
        } else {
            throw fault("a percent sign that begins no macro", start);
        }
    }

    // transformers = *DIGIT [ "r" ]
    private MacroString.Part.Macro macro(int start) {
        int c = in.peek();
        char letter = c == Cursor.END ? ' ' : Ascii.lower((char) c);
        if (LETTERS.indexOf(letter) < 0) {
            throw fault("a macro with no known letter", start);
        }
        if (use == Use.DOMAIN_SPEC && LETTERS_OF_EXPLANATIONS.indexOf(letter) >= 0) {
            throw fault("a macro that is for explanations only (c, r, t)", start);
        }
        boolean escaped = in.next() != letter;
        int count = count(start);
        boolean reversed = in.take('r') || in.take('R');
        String delimiters = in.takeWhile(d -> DELIMITERS.indexOf(d) >= 0);
        if (!in.take('}')) {
            throw fault("a macro that does not end well", start);
        }
        return new MacroString.Part.Macro(letter, escaped, count, reversed, delimiters);
    }

    private int count(int start) {
        String digits = in.takeWhile(Ascii::isDigit);
        if (digits.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        int count = 0;
        for (int i = 0; i < digits.length(); i++) {
            // No value has so many parts; more digits change nothing.
            count = Math.min(count * 10 + digits.charAt(i) - '0', 1_000_000);
        }
        if (count == 0) {
            throw fault("a macro that keeps 0 parts", start);
        }
        return count;
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new MacroString.Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    // domain-spec = macro-string domain-end
    // domain-end = ( "." toplabel [ "." ] ) / macro-expand
    private void domainEnd() {
        if (text.isEmpty()) {
            throw fault("a domain name is missing", 0);
        }
        if (afterMacro == text.length()) {
            return;
        }
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int dot = text.lastIndexOf('.', end - 1);
        if (dot >= afterMacro && isTopLabel(text.substring(dot + 1, end))) {
            return;
        }
        boolean isAddress = text.chars().allMatch(c -> Ascii.isDigit(c) || c == '.');
        throw fault(
                isAddress
                        ? "an address where a domain name belongs (ip4: is for addresses)"
                        : "a domain name that ends in no top-level label",
                0);
    }

    // toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
    private static boolean isTopLabel(String label) {
        boolean plain = label.chars().allMatch(c -> isAlphanum(c) || c == '-');
        boolean number = label.chars().allMatch(Ascii::isDigit);
        return plain
                && !number
                && isAlphanum(label.charAt(0))
                && isAlphanum(label.charAt(label.length() - 1));
    }

    private static boolean isAlphanum(int c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c);
    }

    private SyntaxException fault(String message, int at) {
        return new SyntaxException(message, base + at);
    }
}
