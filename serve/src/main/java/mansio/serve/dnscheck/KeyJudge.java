package mansio.serve.dnscheck;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyRecord;
import mansio.trust.dkim.TagList;

import java.util.List;
import java.util.Optional;

/** The record of a key (RFC 6376 section 3.6.1) beside the key itself. */
final class KeyJudge {
    /** A selector that nobody has. */
    static final String NOBODYS = "no-such-selector-for-dns-check";

    private static final String BELOW = "._domainkey.";

    /** Fewer octets of a key may be in another by chance. */
    private static final int MIN_PART = 20;

    private KeyJudge() {}

    static boolean isFor(String name) {
        return name.contains(BELOW);
    }

    static void judge(Sheet sheet, Look look, String name, String wanted) {
        Optional<List<DnsRecord.Txt>> found =
                look.records(sheet, name, RecordType.TXT, DnsRecord.Txt.class);
        if (found.isEmpty()) return;
        List<String> texts = found.get().stream().map(DnsRecord.Txt::text).toList();
        compare(sheet, texts, wanted);
        String domain = name.substring(name.indexOf(BELOW));
        if (look.ask(NOBODYS + domain, RecordType.TXT) instanceof Answer.Found any) {
            List<String> others =
                    any.of(DnsRecord.Txt.class).stream().map(DnsRecord.Txt::text).toList();
            String text = "a wildcard record answers for selectors that do not exist";
            if (!texts.isEmpty() && !sheet.isGood() && others.containsAll(texts)) {
                sheet.wrong(Mistake.WILDCARD, text + ", and for this one too");
            } else {
                sheet.note(Mistake.WILDCARD, text);
            }
        }
    }

    /** Compares what is published with what should be. */
    static void compare(Sheet sheet, List<String> texts, String wanted) {
        sheet.there(texts);
        String key = key(wanted).orElseThrow();
        if (texts.isEmpty()) {
            sheet.missing(Mistake.NO_RECORD, "there is no record of the key");
        } else if (texts.size() > 1 && texts.stream().allMatch(it -> isPart(it, wanted))) {
            sheet.wrong(
                    Mistake.PARTS_AS_RECORDS,
                    "the parts of the text are records of their own; they are to be strings of one"
                            + " record");
        } else if (texts.size() > 1) {
            sheet.wrong(
                    Mistake.SEVERAL_RECORDS,
                    "there are " + texts.size() + " records at the selector; leave only this one");
        } else {
            one(sheet, texts.getFirst(), wanted, key);
        }
    }

    private static void one(Sheet sheet, String text, String wanted, String key) {
        if (Quotes.areIn(text)) {
            Quotes.tell(sheet, text);
            if (key(Quotes.removed(text)).filter(key::equals).isPresent()) return;
        }
        Optional<String> there = key(Quotes.removed(text));
        if (there.isEmpty()) {
            if (isPart(text, wanted)) tellPart(sheet, text, wanted);
            else sheet.wrong(Mistake.SYNTAX, "that is no record of a key");
        } else if (there.get().isEmpty()) {
            sheet.wrong(Mistake.KEY_REVOKED, "p= is empty, which takes the key back");
        } else if (!there.get().equals(key)) {
            if (there.get().length() >= MIN_PART && key.contains(there.get())) {
                tellPart(sheet, text, wanted);
            } else {
                sheet.wrong(Mistake.KEY_MISMATCH, "that is another key than the one that signs");
            }
        } else if (!Quotes.areIn(text)) {
            sameKey(sheet, text);
        }
    }

    private static void sameKey(Sheet sheet, String text) {
        String p = TagList.parse(text).value("p").orElse("");
        if (p.chars().anyMatch(c -> c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            sheet.wrong(
                    Mistake.KEY_WITH_SPACES,
                    "there is white space within p=, which some receivers do not take");
        }
        try {
            if (KeyRecord.parse(text, Crypto.jdk()).testing()) {
                sheet.wrong(
                        Mistake.KEY_TESTING,
                        "t=y is left: receivers treat the mail as if it was not signed");
            }
        } catch (SyntaxException e) {
            sheet.wrong(Mistake.SYNTAX, "receivers cannot use the record: " + e.getMessage());
        }
    }

    private static void tellPart(Sheet sheet, String text, String wanted) {
        sheet.wrong(
                Mistake.PART_MISSING,
                "only %d of %d characters are there: split the text into strings of at most 255"
                                .formatted(text.length(), wanted.length())
                        + " within one record");
    }

    private static boolean isPart(String text, String wanted) {
        String meant = Quotes.removed(text);
        return meant.length() >= MIN_PART && wanted.contains(meant);
    }

    /** The value of p=, without white space; empty when it is no record of a key. */
    private static Optional<String> key(String text) {
        try {
            return TagList.parse(text).compact("p");
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }
}
