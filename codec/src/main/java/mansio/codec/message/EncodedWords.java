package mansio.codec.message;

import mansio.codec.text.Ascii;
import mansio.codec.text.MailCharset;
import mansio.codec.text.TransferDecoder;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Encoded words of RFC 2047. Decoding is lenient, as senders are not strict: a word may stand next
 * to other text, hold spaces, be longer than 75 chars, and a char may be split over adjacent words
 * of one charset. Linear in time.
 */
public final class EncodedWords {
    private static final int MAX_CHARSET = 64;

    private EncodedWords() {}

    /** The text for people. Control characters that were hidden in encoded words become spaces. */
    public static String decode(String text) {
        int first = text.indexOf("=?");
        return first < 0 ? text : new Decoding(text).run(first);
    }

    private static final class Decoding {
        private final String text;
        private final StringBuilder out;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private String pendingCharset = "";

        Decoding(String text) {
            this.text = text;
            this.out = new StringBuilder(text.length());
        }

        String run(int first) {
            int plainFrom = 0;
            int i = first;
            while (i >= 0) {
                int end = word(i, plainFrom);
                if (end < 0) {
                    i = text.indexOf("=?", i + 2);
                    continue;
                }
                plainFrom = end;
                i = text.indexOf("=?", end);
            }
            flush();
            return out.append(text, plainFrom, text.length()).toString();
        }

        /** Decodes the word at {@code start}, or gives -1 when there is none. */
        // RFC 2047 2: encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
        private int word(int start, int plainFrom) {
            int charsetEnd = start + 2;
            int limit = Math.min(text.length(), charsetEnd + MAX_CHARSET);
            while (charsetEnd < limit && isCharsetChar(text.charAt(charsetEnd))) {
                charsetEnd++;
            }
            boolean opened =
                    charsetEnd + 2 < text.length()
                            && charsetEnd > start + 2
                            && text.charAt(charsetEnd) == '?'
                            && text.charAt(charsetEnd + 2) == '?';
            if (!opened) {
                return -1;
            }
            char encoding = Ascii.lower(text.charAt(charsetEnd + 1));
            int textEnd = text.indexOf('?', charsetEnd + 3);
            boolean closed =
                    textEnd >= 0
                            && textEnd + 1 < text.length()
                            && text.charAt(textEnd + 1) == '='
                            && (encoding == 'q' || encoding == 'b');
            if (!closed) {
                return -1;
            }
            plain(plainFrom, start);
            String charset = text.substring(start + 2, charsetEnd);
            encoded(charset, encoding, text.substring(charsetEnd + 3, textEnd));
            return textEnd + 2;
        }

        /** Text between words; white space between two words is not displayed (section 6.2). */
        private void plain(int from, int to) {
            boolean betweenWords = pending.size() > 0 || (from > 0 && !pendingCharset.isEmpty());
            if (betweenWords && isBlank(from, to)) {
                return;
            }
            flush();
            pendingCharset = "";
            out.append(text, from, to);
        }

        private void encoded(String charset, char encoding, String encodedText) {
            if (!Ascii.equalsIgnoreCase(charset, pendingCharset)) {
                flush();
                pendingCharset = charset;
            }
            byte[] decoded = encoding == 'b' ? base64(encodedText) : q(encodedText);
            pending.write(decoded, 0, decoded.length);
        }

        private void flush() {
            if (pending.size() > 0) {
                String decoded = MailCharset.decode(pending.toByteArray(), pendingCharset).text();
                for (int i = 0; i < decoded.length(); i++) {
                    char c = decoded.charAt(i);
                    out.append(c < ' ' || c == 0x7f ? ' ' : c);
                }
                pending.reset();
            }
        }

        private boolean isBlank(int from, int to) {
            for (int i = from; i < to; i++) {
                char c = text.charAt(i);
                if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean isCharsetChar(char c) {
        return c > ' ' && c < 0x7f && c != '?' && c != '=';
    }

    private static byte[] base64(String text) {
        return TransferDecoder.decodeAll("base64", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    // RFC 2047 4.2: like quoted-printable, "_" is a space.
    private static byte[] q(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = i + 2 < in.length ? Ascii.hexValue(in[i + 1]) : -1;
            int low = high >= 0 ? Ascii.hexValue(in[i + 2]) : -1;
            if (in[i] == '=' && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i] == '_' ? ' ' : in[i]);
            }
        }
        return out.toByteArray();
    }

    /** Longest encoded word, RFC 2047 section 2. */
    private static final int MAX_WORD = 75;

    private static final String OPEN = "=?utf-8?B?";

    /**
     * The text as encoded words of UTF-8, separated by single spaces so that folding can break
     * there; the text itself when it is plain ASCII that no one could take for an encoded word.
     */
    public static String encode(String text) {
        if (isPlain(text)) {
            return text;
        }
        int room = (MAX_WORD - OPEN.length() - 2) / 4 * 3;
        StringBuilder out = new StringBuilder(text.length() * 2);
        int start = 0;
        int octets = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets + size > room) {
                word(text.substring(start, i), out);
                start = i;
                octets = 0;
            }
            octets += size;
            i += Character.charCount(c);
        }
        word(text.substring(start), out);
        return out.toString();
    }

    private static void word(String piece, StringBuilder out) {
        if (!out.isEmpty()) {
            out.append(' ');
        }
        byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
        out.append(OPEN).append(Base64.getEncoder().encodeToString(utf8)).append("?=");
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return !text.contains("=?");
    }
}
