package mansio.serve.dnscheck;

import mansio.codec.text.Ascii;
import mansio.net.dns.DnsRecord;

import java.util.List;

/** Quotes and backslashes of a zone file that became part of the text. */
final class Quotes {
    private Quotes() {}

    static boolean areIn(String text) {
        return text.indexOf('"') >= 0 || text.indexOf('\\') >= 0;
    }

    /** The text as it was meant. */
    static String removed(String text) {
        // A long text in one form field keeps the space between its strings as well.
        return text.replace("\" \"", "").replace("\"", "").replace("\\", "").strip();
    }

    /** Texts that would begin so, were there not something before it. */
    static List<String> brokenBeginning(List<DnsRecord.Txt> records, String version) {
        return records.stream()
                .map(DnsRecord.Txt::text)
                .filter(
                        it ->
                                !Ascii.startsWithIgnoreCase(it, version)
                                        && Ascii.startsWithIgnoreCase(removed(it), version))
                .toList();
    }

    static void tell(Sheet sheet, String text) {
        String what =
                areIn(text)
                        ? "quotes or backslashes are part of the text: enter it without them"
                        : "there is a space before the text: enter it without";
        sheet.wrong(Mistake.BROKEN_QUOTES, what);
    }
}
