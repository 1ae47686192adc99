package mansio.codec.smtp;

import mansio.codec.line.ByteSink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * RFC 5321 section 4.2 reply with an RFC 3463 enhanced status. No reply can be split by text that
 * came from elsewhere: control characters are refused here, once for all.
 *
 * @param code 200 to 599
 * @param status such as {@code 2.1.5}; empty where there is none (greeting, EHLO, 3yz)
 * @param lines of text, at least one
 */
public record Reply(int code, String status, List<String> lines) {
    /** Longest line of text; with code and status it stays below 512 (RFC 5321 4.5.3.1.5). */
    public static final int MAX_TEXT = 480;

    /** Longest challenge of AUTH, the text of a 334: RFC 4954 section 4.9. */
    public static final int MAX_CHALLENGE = 12_000;

    /** Most lines of one reply. */
    public static final int MAX_LINES = 128;

    public Reply {
        lines = List.copyOf(lines);
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("code " + code);
        }
        if (!status.isEmpty() && !isStatus(status, code)) {
            throw new IllegalArgumentException("status " + status + " of code " + code);
        }
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw new IllegalArgumentException(lines.size() + " lines");
        }
        for (String line : lines) {
            checkText(line, code == 334 ? MAX_CHALLENGE : MAX_TEXT);
        }
    }

    /** A reply of one line. */
    public Reply(int code, String status, String text) {
        this(code, status, List.of(text));
    }

    private static void checkText(String text, int maxLength) {
        if (text.length() > maxLength) {
            throw new IllegalArgumentException("text of " + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isTextChar(text.charAt(i))) {
                throw new IllegalArgumentException("control character in a reply");
            }
        }
    }

    static boolean isTextChar(char c) {
        return (c >= ' ' && c < 0x7f) || c == '\t' || c > 0x9f;
    }

    // RFC 3463 section 2: status-code = class "." subject "." detail
    static boolean isStatus(String status, int code) {
        int first = status.indexOf('.');
        int second = status.indexOf('.', first + 1);
        return first == 1
                && status.charAt(0) == '0' + code / 100
                && isNumber(status, first + 1, second)
                && isNumber(status, second + 1, status.length());
    }

    private static boolean isNumber(String text, int from, int to) {
        if (to <= from || to - from > 3) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** The text of all lines, for logs and reports. */
    public String text() {
        return lines.size() == 1 ? lines.getFirst() : String.join(" ", lines);
    }

    /** 2yz. */
    public boolean isPositive() {
        return code < 300;
    }

    /** 4yz: try again later. */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /** 5yz: do not try again. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** The same reply with another text. */
    public Reply withText(String text) {
        return new Reply(code, status, text);
    }

    /** Writes it, with the status on each line (RFC 2034 section 4). Does not flush. */
    public void writeTo(ByteSink out) throws IOException {
        byte[] wire = toWire().getBytes(StandardCharsets.UTF_8);
        out.write(wire, 0, wire.length);
    }

    /** The lines as they go to the wire, each with its CRLF. */
    public String toWire() {
        StringBuilder wire = new StringBuilder(64);
        int last = lines.size() - 1;
        for (int i = 0; i <= last; i++) {
            wire.append(code).append(i < last ? '-' : ' ');
            if (!status.isEmpty()) {
                wire.append(status).append(' ');
            }
            wire.append(lines.get(i)).append("\r\n");
        }
        return wire.toString();
    }

    @Override
    public String toString() {
        return code + (status.isEmpty() ? " " : " " + status + " ") + text();
    }
}
