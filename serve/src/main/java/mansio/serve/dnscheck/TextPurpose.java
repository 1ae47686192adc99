package mansio.serve.dnscheck;

import mansio.codec.text.Ascii;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.trust.spf.SpfRecord;

/** What a TXT record is for. A name can have texts of several purposes, and of strangers. */
public enum TextPurpose {
    SPF,
    DMARC,
    /** Of DKIM: nothing else has a place at a selector. */
    KEY;

    private static final String DMARC_VERSION = "v=DMARC1";

    /**
     * Of a TXT record that is advised now.
     *
     * @throws IllegalArgumentException when there is no such one
     */
    public static TextPurpose of(AdvisedRecord record) {
        if (KeyJudge.isFor(record.name())) return KEY;
        if (SpfRecord.isMeant(record.value())) return SPF;
        if (record.name().startsWith(DmarcJudge.LABEL)) return DMARC;
        throw new IllegalArgumentException("no such text is advised: " + record);
    }

    /** Whether a text is for this, be it right, wrong, or with quotes that became part of it. */
    public boolean has(String text) {
        return switch (this) {
            case SPF -> SpfRecord.isMeant(meant(text));
            case DMARC -> Ascii.startsWithIgnoreCase(meant(text), DMARC_VERSION);
            case KEY -> true;
        };
    }

    /** A text without quotes and backslashes that became part of it. */
    public static String meant(String text) {
        return Quotes.areIn(text) ? Quotes.removed(text) : text.strip();
    }
}
