package mansio.codec.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;

/** Unicode normal form and case folding, with a short way for ASCII. */
public final class Unicode {
    private Unicode() {}

    /** The text in Normalization Form C. */
    public static String nfc(String text) {
        return Ascii.isAscii(text) ? text : Normalizer2.getNFCInstance().normalize(text);
    }

    /** The text with full default case folding. Not normalised. */
    public static String foldCase(String text) {
        return Ascii.isAscii(text) ? Ascii.lower(text) : UCharacter.foldCase(text, true);
    }

    /**
     * The key under which our own names (local parts, log-in names) are found: NFC, folded, and NFC
     * again, since folding may undo it. Equal keys mean the same name.
     */
    public static String lookupKey(String text) {
        return Ascii.isAscii(text) ? Ascii.lower(text) : nfc(foldCase(nfc(text)));
    }
}
