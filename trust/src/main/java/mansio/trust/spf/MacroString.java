package mansio.trust.spf;

import mansio.codec.text.SyntaxException;

import java.util.List;

/**
 * Text with macros, read and not yet expanded (RFC 7208 section 7.1).
 *
 * @param text as written
 * @param parts in order
 */
public record MacroString(String text, List<Part> parts) {
    /** A piece of the text. */
    public sealed interface Part {
        /** Text that stands for itself; {@code %%}, {@code %_} and {@code %-} are expanded. */
        record Literal(String text) implements Part {}

        /**
         * What is put in for {@code %{ir}}.
         *
         * @param letter in lower case
         * @param escaped true when the letter was in upper case: the value is URL-escaped
         * @param count how many right-hand parts to keep; {@link Integer#MAX_VALUE} for all
         * @param reversed the parts are turned round first
         * @param delimiters between parts; empty for the dot
         */
        record Macro(char letter, boolean escaped, int count, boolean reversed, String delimiters)
                implements Part {}
    }

    public MacroString {
        parts = List.copyOf(parts);
    }

    /**
     * Reads the text of a TXT record that {@code exp=} points to.
     *
     * @throws SyntaxException when it is no explain-string
     */
    public static MacroString parseExplanation(String text) {
        return new MacroParser(text, 0, MacroParser.Use.EXPLANATION).read();
    }

    /** True when nothing has to be put in. */
    public boolean isLiteral() {
        return parts.stream().allMatch(Part.Literal.class::isInstance);
    }

    /** True when one of these macro letters, given in lower case, is in it. */
    public boolean uses(String letters) {
        return parts.stream()
                .anyMatch(
                        part ->
                                part instanceof Part.Macro macro
                                        && letters.indexOf(macro.letter()) >= 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
