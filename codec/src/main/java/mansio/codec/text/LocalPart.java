package mansio.codec.text;

/**
 * The part of an address before the "@", decoded: without quotes and backslashes, spelling kept.
 * {@code "a b"@example.org} has the local part {@code a b}; {@code "a"@example.org} and {@code
 * a@example.org} have equal ones. Case is significant here; who owns the mailbox folds it ({@link
 * Unicode#lookupKey}).
 *
 * <p>It holds printable ASCII, space, and the non-ASCII of RFC 6531 (no control characters, no lone
 * surrogates); it may be empty, since {@code ""@example.org} is an address. At most {@value
 * #MAX_OCTETS} octets of UTF-8: RFC 5321 section 4.5.3.1.1 says 64, but SRS and VERP senders go
 * beyond and the same section asks for no limit where possible.
 */
public record LocalPart(String text) {
    /** Octets of UTF-8. */
    public static final int MAX_OCTETS = 255;

    /**
     * @throws IllegalArgumentException when a char is not allowed or the text is too long
     */
    public LocalPart {
        int octets = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (!isAllowed(c)) {
                throw new SyntaxException("local part has a character that is not allowed", i);
            }
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        if (octets > MAX_OCTETS) {
            throw new SyntaxException("local part is too long", 0);
        }
    }

    private static boolean isAllowed(int c) {
        return (c >= ' ' && c < 0x7f) || (c > 0x9f && (c < 0xd800 || c > 0xdfff));
    }

    /**
     * Reads the wire form: {@code a.b} or {@code "a b"}, all of the text.
     *
     * @throws SyntaxException when it is no local part
     */
    public static LocalPart parse(String wire) {
        Cursor in = new Cursor(wire);
        LocalPart localPart = read(in);
        in.expectEnd();
        return localPart;
    }

    // RFC 5321 4.1.2: Local-part = Dot-string / Quoted-string
    static LocalPart read(Cursor in) {
        int start = in.offset();
        String text = in.take('"') ? quotedString(in) : dotString(in);
        try {
            return new LocalPart(text);
        } catch (SyntaxException e) {
            throw new SyntaxException(String.valueOf(e.getMessage()), start);
        }
    }

    // RFC 5321 4.1.2: Dot-string = Atom *("." Atom)
    private static String dotString(Cursor in) {
        int start = in.offset();
        do {
            in.expectWhile("local part", LocalPart::isAtext);
        } while (in.take('.'));
        return in.between(start, in.offset());
    }

    // RFC 5321 4.1.2: Quoted-string = DQUOTE *QcontentSMTP DQUOTE
    private static String quotedString(Cursor in) {
        StringBuilder out = new StringBuilder();
        while (!in.take('"')) {
            in.take('\\');
            out.append(in.next());
        }
        return out.toString();
    }

    // RFC 6531 section 3.3 adds UTF8-non-ascii to atext.
    private static boolean isAtext(char c) {
        return c > 0x7f || Ascii.isAtext(c);
    }

    /** The form for the wire (RFC 5321 section 4.1.2): quoted only when it must be. */
    public String toWire() {
        return isDotString() ? text : quoted();
    }

    /** True when the wire form needs SMTPUTF8. */
    public boolean needsUtf8() {
        return !Ascii.isAscii(text);
    }

    private boolean isDotString() {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? afterDot : !isAtext(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    private String quoted() {
        StringBuilder out = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    @Override
    public String toString() {
        return toWire();
    }
}
