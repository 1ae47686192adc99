package mansio.codec.text;

/** Tests and case changes that know only ASCII, whatever the locale. */
public final class Ascii {
    private Ascii() {}

    /** The lower-case form of an ASCII letter; every other char as it is. */
    public static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    /** The text with its ASCII letters in lower case; the same object when nothing changes. */
    public static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return lowerFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerFrom(String text, int first) {
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            chars[i] = lower(chars[i]);
        }
        return new String(chars);
    }

    /** The text with its ASCII letters in upper case. */
    public static String upper(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            char c = chars[i];
            if (c >= 'a' && c <= 'z') {
                chars[i] = (char) (c & ~0x20);
            }
        }
        return new String(chars);
    }

    public static boolean equalsIgnoreCase(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        for (int i = 0; i < a.length(); i++) {
            if (lower(a.charAt(i)) != lower(b.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    public static boolean startsWithIgnoreCase(String text, String prefix) {
        return text.length() >= prefix.length()
                && equalsIgnoreCase(text.substring(0, prefix.length()), prefix);
    }

    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    public static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** {@code 0} to {@code 15}, or {@code -1} when the char is no hexadecimal digit. */
    public static int hexValue(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int low = c | 0x20;
        return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    }

    /** RFC 5322 3.2.3 atext, without the non-ASCII of RFC 6532. */
    public static boolean isAtext(int c) {
        return isLetter(c) || isDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }
}
