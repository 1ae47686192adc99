package mansio.codec.smtp;

import mansio.codec.line.Line;
import mansio.codec.line.LineReader;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the replies of a server: RFC 5321 section 4.2. What is no reply is an IOException: it tells
 * nothing about the message, so it must never become a bounce.
 */
public final class ReplyReader {
    /** RFC 5321 section 4.5.3.1.5 says 512; some servers say more, and that is their text only. */
    private static final int MAX_LINE = 2048;

    private final LineReader in;

    public ReplyReader(LineReader in) {
        this.in = in;
    }

    /**
     * The next reply. Its status is taken from the text where each line has one that fits the code.
     * Text that is too long is cut, control characters become "?".
     *
     * @throws IOException when the server closed the connection, or does not speak SMTP
     */
    public Reply read() throws IOException {
        List<String> texts = new ArrayList<>(1);
        int code = 0;
        while (true) {
            String line = line();
            int lineCode = code(line);
            if (code != 0 && lineCode != code) {
                throw new IOException("the codes of one reply differ");
            }
            code = lineCode;
            if (texts.size() == Reply.MAX_LINES) {
                throw new IOException("a reply of too many lines");
            }
            texts.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return reply(code, texts);
            }
        }
    }

    private String line() throws IOException {
        return switch (in.readLine(MAX_LINE)) {
            case Line.Text(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case Line.BareLineFeed(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case Line.TooLong _ -> throw new IOException("a reply line is too long");
            case Line.End _ -> throw new EOFException("the server closed the connection");
        };
    }

    // RFC 5321 section 4.2: Reply-code = %x32-35 %x30-35 %x30-39
    private static int code(String line) throws IOException {
        int code = 0;
        for (int i = 0; i < 3; i++) {
            int digit = i < line.length() ? line.charAt(i) - '0' : -1;
            if (digit < 0 || digit > 9) {
                throw new IOException("not an SMTP reply");
            }
            code = code * 10 + digit;
        }
        boolean separated = line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-';
        if (code < 200 || code > 599 || !separated) {
            throw new IOException("not an SMTP reply");
        }
        return code;
    }

    private static Reply reply(int code, List<String> texts) {
        String status = status(texts.getFirst(), code);
        boolean onEach = !status.isEmpty();
        for (String text : texts) {
            onEach = onEach && status.equals(status(text, code));
        }
        List<String> lines = new ArrayList<>(texts.size());
        for (String text : texts) {
            String bare = onEach ? text.substring(status.length()).stripLeading() : text;
            lines.add(clean(bare));
        }
        return new Reply(code, onEach ? status : "", lines);
    }

    private static String status(String text, int code) {
        int space = text.indexOf(' ');
        String word = space < 0 ? text : text.substring(0, space);
        return Reply.isStatus(word, code) ? word : "";
    }

    private static String clean(String text) {
        int length = Math.min(text.length(), Reply.MAX_TEXT);
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            clean.append(Reply.isTextChar(c) && !Character.isSurrogate(c) ? c : '?');
        }
        return clean.toString();
    }
}
