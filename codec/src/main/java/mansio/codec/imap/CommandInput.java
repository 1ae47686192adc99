package mansio.codec.imap;

import mansio.codec.imap.CommandFeed.LineTooLongException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A cursor over one command, literals included: the tokens of RFC 9051 section 9 and nothing of its
 * commands. When the grammar reaches a literal the cursor asks the peer for it, so nobody is told
 * to go on with a command that is already wrong.
 *
 * <p>{@code take} moves only when it succeeds; {@code expect} and the productions throw. One object
 * serves one command, on the connection's thread.
 */
public final class CommandInput {
    private final CommandFeed feed;
    private final Limits limits;
    private byte[] line;
    private int at;

    /** True when a line was too long: its last token, perhaps a literal, was thrown away. */
    private boolean endLost;

    private int literals;
    private long literalBytes;

    /** Waits for the first line of the next command. */
    public CommandInput(CommandFeed feed, Limits limits) throws IOException, LineTooLongException {
        this.feed = feed;
        this.limits = limits;
        this.line = feed.line(limits.lineBytes());
    }

    boolean atEnd() {
        return at == line.length;
    }

    /** The octet under the cursor, or -1 at the end of the line. */
    int peek() {
        return at < line.length ? line[at] & 0xFF : -1;
    }

    boolean take(char octet) {
        if (peek() != octet) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes {@code word} in any case, where it is not the beginning of a longer word. */
    boolean takeWord(String word) {
        int end = at + word.length();
        if (end > line.length || (end < line.length && isLabelChar(line[end] & 0xFF))) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(line[at + i]) != word.charAt(i)) {
                return false;
            }
        }
        at = end;
        return true;
    }

    /** Takes a space and {@code word} behind it; takes neither when the word is another. */
    boolean takeSpaceAndWord(String word) {
        int start = at;
        if (take(' ') && takeWord(word)) {
            return true;
        }
        at = start;
        return false;
    }

    /** Takes {@code letters}, given in upper case, in any case and whatever follows them. */
    boolean takeLetters(String letters) {
        if (letters.length() > line.length - at) {
            return false;
        }
        for (int i = 0; i < letters.length(); i++) {
            if (upper(line[at + i]) != letters.charAt(i)) {
                return false;
            }
        }
        at += letters.length();
        return true;
    }

    void expect(char octet) throws BadCommandException {
        if (!take(octet)) {
            throw error(octet == ' ' ? "Space expected" : "\"" + octet + "\" expected");
        }
    }

    void space() throws BadCommandException {
        expect(' ');
    }

    void expectEnd() throws BadCommandException {
        if (!atEnd()) {
            throw error("End of command expected");
        }
    }

    BadCommandException error(String message) {
        return BadCommandException.at(at, message);
    }

    /** A word of the peer where we know none such; told back, as far as it is short. */
    BadCommandException unknown(String what, String word) {
        return error("Unknown " + what + " " + word.substring(0, Math.min(word.length(), 32)));
    }

    // ---- words

    /** RFC 9051 9: tag = 1*&lt;any ASTRING-CHAR except "+"&gt;. */
    String tag() throws BadCommandException {
        int start = at;
        while (isAstringChar(peek()) && peek() != '+') {
            at++;
        }
        return ascii(start, "Tag expected");
    }

    /** RFC 9051 9: atom = 1*ATOM-CHAR. */
    String atom() throws BadCommandException {
        int start = at;
        while (isAtomChar(peek())) {
            at++;
        }
        return ascii(start, "Atom expected");
    }

    /**
     * A word of the grammar itself (command, fetch item, search key, option) in upper case.
     * Narrower than an atom: it ends before a bracket.
     */
    String word(String expected) throws BadCommandException {
        int start = at;
        while (isLabelChar(peek())) {
            at++;
        }
        return ascii(start, expected + " expected").toUpperCase(Locale.ROOT);
    }

    private String ascii(int start, String message) throws BadCommandException {
        if (start == at) {
            throw error(message);
        }
        return new String(line, start, at - start, StandardCharsets.US_ASCII);
    }

    /** RFC 9051 9: initial-resp = (base64 / "="), not decoded. */
    String base64() throws BadCommandException {
        int start = at;
        while (isDigit(peek()) || isLetter(peek()) || "+/=".indexOf(peek()) >= 0) {
            at++;
        }
        return ascii(start, "Base64 expected");
    }

    // ---- numbers

    /** RFC 9051 9: number = 1*DIGIT, 0 &lt;= n &lt; 4,294,967,296. */
    long number() throws BadCommandException {
        return digits(0xFFFF_FFFFL);
    }

    /** RFC 9051 9: nz-number. */
    long nzNumber() throws BadCommandException {
        long value = number();
        if (value == 0) {
            throw error("Number above zero expected");
        }
        return value;
    }

    /** RFC 9051 9: number64 = 1*DIGIT, 0 &lt;= n &lt;= 9,223,372,036,854,775,807. */
    long number64() throws BadCommandException {
        return digits(Long.MAX_VALUE);
    }

    private long digits(long max) throws BadCommandException {
        if (!isDigit(peek())) {
            throw error("Number expected");
        }
        long value = 0;
        while (isDigit(peek())) {
            int digit = line[at] - '0';
            if (value > (max - digit) / 10) {
                throw error("Number too large");
            }
            value = value * 10 + digit;
            at++;
        }
        return value;
    }

    /** {@code count} digits, as in dates. */
    int fixedDigits(int count) throws BadCommandException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (!isDigit(peek())) {
                throw error("Digit expected");
            }
            value = value * 10 + (line[at++] - '0');
        }
        return value;
    }

    // ---- strings

    /** RFC 9051 9: astring = 1*ASTRING-CHAR / string. */
    byte[] astring() throws BadCommandException, IOException {
        if (!isAstringChar(peek())) {
            return string();
        }
        int start = at;
        while (isAstringChar(peek())) {
            at++;
        }
        return Arrays.copyOfRange(line, start, at);
    }

    /** RFC 9051 9: list-mailbox = 1*list-char / string. */
    byte[] listMailbox() throws BadCommandException, IOException {
        if (!isListChar(peek())) {
            return string();
        }
        int start = at;
        while (isListChar(peek())) {
            at++;
        }
        return Arrays.copyOfRange(line, start, at);
    }

    /** RFC 9051 9: string = quoted / literal. */
    byte[] string() throws BadCommandException, IOException {
        return switch (peek()) {
            case '"' -> quoted();
            case '{' -> literal();
            default -> throw error("String expected");
        };
    }

    /** An {@code astring} that is text in UTF-8. */
    String astringText() throws BadCommandException, IOException {
        return utf8(astring());
    }

    /** A {@code string} that is text in UTF-8. */
    String stringText() throws BadCommandException, IOException {
        return utf8(string());
    }

    String utf8(byte[] octets) throws BadCommandException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw error("Text that is not valid UTF-8");
        }
    }

    /**
     * RFC 9051 9: quoted = DQUOTE *QUOTED-CHAR DQUOTE. Octets above 127 are taken as they are: who
     * sends them without ENABLE breaks RFC 6855 section 3, and text is checked to be UTF-8 anyway.
     */
    private byte[] quoted() throws BadCommandException {
        expect('"');
        int start = at;
        int escapes = 0;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                escapes++;
                if (peek() != '"' && peek() != '\\') {
                    throw error("Quoted special expected");
                }
            }
            if (peek() <= 0 || peek() == '\r' || peek() == '\n') {
                throw error("Closing quote expected");
            }
            at++;
        }
        byte[] value = unescape(start, at - start - escapes);
        at++;
        return value;
    }

    private byte[] unescape(int start, int length) {
        byte[] value = new byte[length];
        int from = start;
        for (int i = 0; i < length; i++) {
            if (line[from] == '\\') {
                from++;
            }
            value[i] = line[from++];
        }
        return value;
    }

    /** RFC 9051 9: literal = "{" number64 ["+"] "}" CRLF *CHAR8, kept in memory. */
    private byte[] literal() throws BadCommandException, IOException {
        LiteralHeader header = literalHeader(LiteralHeader.Kind.TEXT);
        literals++;
        if (literals > limits.literals()) {
            throw BadCommandException.limit("Too many literals in one command");
        }
        if (header.length() > limits.literalBytes() - literalBytes) {
            throw BadCommandException.limit("Literal too long for this command");
        }
        literalBytes += header.length();
        byte[] value = new byte[(int) header.length()];
        begin(header);
        feed.read(value, 0, value.length);
        afterLiteral();
        for (byte octet : value) {
            if (octet == 0) {
                throw error("NUL in a literal");
            }
        }
        return value;
    }

    /** The braces and what is in them; nothing has been asked of the peer yet. */
    LiteralHeader literalHeader(LiteralHeader.Kind kind) throws BadCommandException {
        expect('{');
        long length = number64();
        boolean synchronizing = !take('+');
        expect('}');
        if (!atEnd()) {
            throw error("End of line expected after a literal's length");
        }
        return new LiteralHeader(length, synchronizing, kind);
    }

    /** Tells the peer to send the literal, where it waits for that. */
    public void begin(LiteralHeader header) throws IOException {
        if (header.synchronizing()) {
            feed.goAhead();
        }
    }

    /** Reads a part of a literal that is not kept in memory here. */
    public void read(byte[] to, int offset, int length) throws IOException {
        feed.read(to, offset, length);
    }

    /** Goes on with the line that follows a literal's last octet. */
    public void afterLiteral() throws IOException, BadCommandException {
        line = new byte[0]; // Whatever happens now, this literal has been read.
        at = 0;
        try {
            line = feed.line(limits.lineBytes());
        } catch (LineTooLongException e) {
            endLost = true;
            throw BadCommandException.limit("Line too long");
        }
    }

    /**
     * Throws away what is left of a command that failed: the peer has sent, or will send, every
     * non-synchronizing literal it announced (RFC 7888 section 4).
     *
     * @return false when that is more than we are willing to read, or when a line was too long to
     *     know whether it announced one: the connection has to end, or the octets of a literal
     *     would be taken for commands
     */
    public boolean skipRest() throws IOException {
        if (endLost) return false;
        long skipped = 0;
        byte[] bin = new byte[0];
        while (true) {
            long length = trailingLiteral();
            if (length < 0) {
                at = line.length;
                return true;
            }
            skipped += length;
            if (length > limits.skippedBytes() || skipped > limits.skippedBytes()) {
                return false;
            }
            bin = bin.length == 0 ? new byte[(int) Math.min(8192, Math.max(1, length))] : bin;
            for (long left = length; left > 0; ) {
                int now = (int) Math.min(bin.length, left);
                feed.read(bin, 0, now);
                left -= now;
            }
            try {
                line = feed.line(limits.lineBytes());
            } catch (LineTooLongException e) {
                return false;
            }
        }
    }

    /** The length that a line's last token <code>{n+}</code> announces, or -1. */
    private long trailingLiteral() {
        int end = line.length - 1;
        if (end < 3 || line[end] != '}' || line[end - 1] != '+') {
            return -1;
        }
        int start = end - 2;
        while (start >= 0 && isDigit(line[start] & 0xFF)) {
            start--;
        }
        int digits = end - 2 - start;
        if (start < 0 || line[start] != '{' || digits == 0) {
            return -1;
        }
        long length = 0;
        for (int i = start + 1; i < end - 1; i++) {
            if (length > Long.MAX_VALUE / 10 - 10) {
                return Long.MAX_VALUE;
            }
            length = length * 10 + (line[i] - '0');
        }
        return length;
    }

    // ---- characters

    private static char upper(byte octet) {
        return (char) (octet >= 'a' && octet <= 'z' ? octet - 32 : octet & 0xFF);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLabelChar(int c) {
        return isDigit(c) || isLetter(c) || c == '.' || c == '-' || c == '_';
    }

    private static boolean isLetter(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /** RFC 9051 9: ATOM-CHAR = &lt;any CHAR except atom-specials&gt;. */
    static boolean isAtomChar(int c) {
        return c > ' ' && c < 127 && "(){%*\"\\]".indexOf(c) < 0;
    }

    /** RFC 9051 9: ASTRING-CHAR = ATOM-CHAR / resp-specials. */
    private static boolean isAstringChar(int c) {
        return isAtomChar(c) || c == ']';
    }

    /** RFC 9051 9: list-char = ATOM-CHAR / list-wildcards / resp-specials. */
    private static boolean isListChar(int c) {
        return isAstringChar(c) || c == '%' || c == '*';
    }
}
