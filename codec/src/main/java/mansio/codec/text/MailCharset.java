package mansio.codec.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Charset labels of mail (RFC 2045 section 5.1) and what their bytes mean.
 *
 * <p>Decisions, each as browsers take it because senders mean it so: {@code iso-8859-1} is read as
 * windows-1252, {@code gb2312} and {@code gbk} as gb18030, {@code euc-kr} and {@code
 * ks_c_5601-1987} as windows-949, {@code shift_jis} as windows-31j, {@code iso-8859-9} as
 * windows-1254, {@code tis-620} as windows-874. {@code us-ascii}, no label and an unknown label are
 * read as UTF-8 when the bytes are valid UTF-8, else as windows-1252. UTF-16 and UTF-7 are read
 * too, but never written.
 */
public final class MailCharset {
    private static final int MAX_LABEL = 64;

    /** JDK name, then labels beyond the JDK's own aliases. */
    private static final List<String> TABLE =
            List.of(
                    "UTF-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 cp65001 utf-8mb4",
                    "windows-1252 iso-8859-1 iso8859-1 iso_8859-1 iso88591 latin1 latin-1 l1"
                            + " iso-8859-1-windows-3.0-latin-1 x-cp1252 cp1252 win-1252",
                    "windows-1250 x-cp1250 win-1250",
                    "windows-1251 x-cp1251 win-1251 win1251",
                    "windows-1253 x-cp1253",
                    "windows-1254 x-cp1254 iso-8859-9 iso8859-9 latin5 latin-5",
                    "windows-1255 x-cp1255",
                    "windows-1256 x-cp1256",
                    "windows-1257 x-cp1257",
                    "windows-1258 x-cp1258",
                    "x-windows-874 tis-620 tis620 iso-8859-11 windows-874",
                    "ISO-8859-2 latin2 latin-2",
                    "ISO-8859-3",
                    "ISO-8859-4",
                    "ISO-8859-5",
                    "ISO-8859-6 iso-8859-6-i iso-8859-6-e",
                    "ISO-8859-7",
                    "ISO-8859-8 iso-8859-8-i iso-8859-8-e",
                    "ISO-8859-13",
                    "ISO-8859-15 latin9 latin-9",
                    "ISO-8859-16",
                    "KOI8-R koi8r koi8",
                    "KOI8-U koi8-ru",
                    "IBM437",
                    "IBM850",
                    "IBM852",
                    "IBM866 cp866 dos-866",
                    "GB18030 gb2312 gbk gb_2312-80 x-gbk euc-cn cp936 windows-936 chinese",
                    "Big5-HKSCS big5 big5-hkscs cn-big5 x-x-big5",
                    "windows-31j shift_jis shift-jis sjis x-sjis ms_kanji cp932 windows-932",
                    "EUC-JP x-euc-jp",
                    "ISO-2022-JP iso-2022-jp-1",
                    "ISO-2022-JP-2",
                    "ISO-2022-KR",
                    "ISO-2022-CN",
                    "x-windows-949 euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 cp949 uhc korean",
                    "UTF-16",
                    "UTF-16LE utf16le",
                    "UTF-16BE utf16be",
                    "UTF-32",
                    "x-MacRoman macintosh mac",
                    "x-MacCyrillic x-mac-cyrillic",
                    "TIS-620");

    /** Unmodifiable after class initialisation. */
    private static final Map<String, Charset> BY_LABEL = byLabel();

    private MailCharset() {}

    /**
     * @param text what the bytes mean; bytes that mean nothing became U+FFFD
     * @param known false when the label was unknown and the text is a guess
     * @param wellFormed false when something became U+FFFD
     */
    public record Decoded(String text, boolean known, boolean wellFormed) {}

    private static Map<String, Charset> byLabel() {
        Map<String, Charset> map = new HashMap<>();
        for (String row : TABLE) {
            String[] names = row.split(" ");
            if (!Charset.isSupported(names[0])) {
                continue; // A trimmed run-time image may lack the extended charsets.
            }
            Charset charset = Charset.forName(names[0]);
            map.putIfAbsent(Ascii.lower(names[0]), charset);
            for (int i = 1; i < names.length; i++) {
                map.putIfAbsent(names[i], charset);
            }
            for (String alias : charset.aliases()) {
                map.putIfAbsent(Ascii.lower(alias), charset);
            }
        }
        return Map.copyOf(map);
    }

    /** The charset that a label means to us; empty for us-ascii, utf-7 and unknown ones. */
    public static Optional<Charset> find(String label) {
        String key = normalised(label);
        return isAsciiLabel(key) ? Optional.empty() : Optional.ofNullable(BY_LABEL.get(key));
    }

    /** Decodes bytes that bear a label. Never fails. */
    public static Decoded decode(byte[] bytes, String label) {
        String key = normalised(label);
        if (isAsciiLabel(key)) {
            return new Decoded(guess(bytes), true, true);
        }
        Charset charset = BY_LABEL.get(key);
        if (charset != null) {
            return decode(bytes, charset);
        }
        if (key.equals("utf-7") || key.equals("unicode-1-1-utf-7")) {
            return Utf7.decode(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return new Decoded(guess(bytes), false, true);
    }

    private static Decoded decode(byte[] bytes, Charset charset) {
        Optional<String> strict = strictly(ByteBuffer.wrap(bytes), charset);
        return strict.map(text -> new Decoded(text, true, true))
                .orElseGet(() -> new Decoded(new String(bytes, charset), true, false));
    }

    /** The text of bytes without a label: UTF-8 when they are valid UTF-8, else windows-1252. */
    public static String guess(byte[] bytes) {
        return guess(bytes, 0, bytes.length);
    }

    /** As {@link #guess(byte[])} for a part of an array. */
    public static String guess(byte[] bytes, int offset, int length) {
        if (isAscii(bytes, offset, length)) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        // The JDK's decoder marks what is malformed; a real U+FFFD in the bytes is rare.
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        return strictly(in, StandardCharsets.UTF_8)
                .orElseGet(() -> new String(bytes, offset, length, windows1252()));
    }

    /** True when this part of an array is valid UTF-8. */
    public static boolean isUtf8(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        return isAscii(bytes, offset, length) || strictly(in, StandardCharsets.UTF_8).isPresent();
    }

    private static boolean isAscii(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static Charset windows1252() {
        return BY_LABEL.getOrDefault("windows-1252", StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> strictly(ByteBuffer bytes, Charset charset) {
        try {
            CharBuffer chars =
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(bytes);
            return Optional.of(chars.toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isAsciiLabel(String key) {
        return key.isEmpty() || key.equals("us-ascii") || key.equals("ascii");
    }

    private static String normalised(String label) {
        if (label.length() > MAX_LABEL) {
            return "x-too-long";
        }
        // RFC 2231 section 5 allows a language after "*" in encoded words.
        int star = label.indexOf('*');
        return Ascii.lower((star < 0 ? label : label.substring(0, star)).strip());
    }
}
