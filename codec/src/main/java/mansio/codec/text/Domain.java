package mansio.codec.text;

import com.ibm.icu.text.IDNA;

import java.util.Optional;

/**
 * A domain name in the one form that everything compares, stores and looks up: lower case, every
 * label ASCII (internationalised ones as A-labels, UTS-46 non-transitional), no final dot. Two
 * domains are the same exactly when they are equal.
 *
 * <p>Labels hold letters, digits, hyphens (not at either end) and underscores. RFC 5321 section
 * 4.1.2 has no underscore, but names such as {@code _dmarc.example.org} and a few mail hosts do;
 * {@link #isHostname()} tells them apart. A label has 1 to 63 octets, a name 1 to 253.
 *
 * @param text the canonical form; the constructor refuses any other, {@link #parse} makes it
 */
public record Domain(String text) implements Host {
    /** RFC 1035 section 2.3.4: 255 octets on the wire are 253 as text. */
    public static final int MAX_LENGTH = 253;

    /** RFC 1035 section 2.3.4. */
    public static final int MAX_LABEL_LENGTH = 63;

    private static final int MAX_UNICODE_INPUT = 1024;

    private static final IDNA UTS46 =
            IDNA.getUTS46Instance(
                    IDNA.NONTRANSITIONAL_TO_ASCII
                            | IDNA.NONTRANSITIONAL_TO_UNICODE
                            | IDNA.CHECK_BIDI
                            | IDNA.CHECK_CONTEXTJ);

    /**
     * @throws IllegalArgumentException when the text is not the canonical form
     */
    public Domain {
        check(text);
        if (hasAceLabel(text) && !text.equals(viaUts46(text))) {
            throw new SyntaxException("domain is not in canonical form", 0);
        }
    }

    /**
     * Makes a domain of a name in any case and script: A-labels, U-labels, upper case.
     *
     * @throws SyntaxException when it is no domain name (a final dot included)
     */
    public static Domain parse(String name) {
        String lower = Ascii.lower(name);
        return new Domain(Ascii.isAscii(lower) ? lower : viaUts46(name));
    }

    /** As {@link #parse}, for callers to whom a wrong name is a normal answer. */
    public static Optional<Domain> tryParse(String name) {
        try {
            return Optional.of(parse(name));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** A name as the DNS gives it: as {@link #tryParse}, but one final dot is dropped. */
    public static Optional<Domain> tryParseDns(String name) {
        return tryParse(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }

    /** For people: A-labels as Unicode where they are valid. */
    public String toUnicode() {
        if (!hasAceLabel(text)) {
            return text;
        }
        IDNA.Info info = new IDNA.Info();
        StringBuilder out = UTS46.nameToUnicode(text, new StringBuilder(), info);
        return info.hasErrors() ? text : out.toString();
    }

    /** True when every label obeys RFC 5321 section 4.1.2: no underscore. */
    public boolean isHostname() {
        return text.indexOf('_') < 0;
    }

    /** The name without its first label; empty for a single label. */
    public Optional<Domain> parent() {
        int dot = text.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(new Domain(text.substring(dot + 1)));
    }

    /** True for the domain itself and every name below it. */
    public boolean isWithin(Domain other) {
        return text.equals(other.text) || (text.endsWith(other.text) && dotBefore(other.text));
    }

    private boolean dotBefore(String suffix) {
        return text.charAt(text.length() - suffix.length() - 1) == '.';
    }

    @Override
    public String toString() {
        return text;
    }

    private static void check(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new SyntaxException("domain is too long", MAX_LENGTH);
        }
        int labelStart = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                checkLabel(text, labelStart, i);
                labelStart = i + 1;
            } else if (!isLabelChar(text.charAt(i))) {
                throw new SyntaxException("domain has a character that is not allowed", i);
            }
        }
    }

    private static void checkLabel(String text, int start, int end) {
        if (start == end) {
            throw new SyntaxException("domain has an empty label", start);
        }
        if (end - start > MAX_LABEL_LENGTH) {
            throw new SyntaxException("domain has a label that is too long", start);
        }
        if (text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
            throw new SyntaxException("domain has a label with a hyphen at its end", start);
        }
    }

    private static boolean isLabelChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean hasAceLabel(String text) {
        return text.startsWith("xn--") || text.contains(".xn--");
    }

    private static String viaUts46(String name) {
        if (name.length() > MAX_UNICODE_INPUT) {
            throw new SyntaxException("domain is too long", MAX_UNICODE_INPUT);
        }
        IDNA.Info info = new IDNA.Info();
        StringBuilder out = UTS46.nameToASCII(name, new StringBuilder(), info);
        for (IDNA.Error error : info.getErrors()) {
            // "ab--cd" is a registrable name; only A-labels may not be made of it, and those are
            // checked by their decoding.
            if (error != IDNA.Error.HYPHEN_3_4) {
                throw new SyntaxException("domain is not valid IDNA", 0);
            }
        }
        return out.toString();
    }
}
