package mansio.trust.spf;

import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsRecord;

import java.util.List;
import java.util.Optional;

/**
 * A record of a domain that says who may send for it (RFC 7208 section 3).
 *
 * @param text as published, the strings put together
 * @param directives in order; what follows {@code all} is never looked at
 * @param redirect the domain whose record decides when no directive matches; without effect beside
 *     {@code all}
 * @param explanation where the text for a fail is
 * @param unknown names of other modifiers, which mean nothing here
 */
public record SpfRecord(
        String text,
        List<Directive> directives,
        Optional<MacroString> redirect,
        Optional<MacroString> explanation,
        List<String> unknown) {
    /** Longest record that is read, in octets; one of some hundred does not fit a datagram. */
    public static final int MAX_LENGTH = 16_384;

    /** How every record begins, in any case. */
    public static final String VERSION = "v=spf1";

    public SpfRecord {
        directives = List.copyOf(directives);
        unknown = List.copyOf(unknown);
    }

    /**
     * True when the text is meant as a record (RFC 7208 section 4.5), be it right or wrong: the
     * version, and then a space or the end.
     */
    public static boolean isMeant(String text) {
        return Ascii.startsWithIgnoreCase(text, VERSION)
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /** The texts among TXT records that are meant as SPF records, as published. */
    public static List<String> among(List<DnsRecord.Txt> records) {
        return records.stream().map(DnsRecord.Txt::text).filter(SpfRecord::isMeant).toList();
    }

    /**
     * Reads a record, all of it (RFC 7208 section 4.6).
     *
     * @param text one {@code char} for an octet
     * @throws SyntaxException with the offset of the fault, and what is wrong in words that do not
     *     quote the record
     */
    public static SpfRecord parse(String text) {
        return new RecordParser(text).read();
    }

    /** The qualifier of {@code all}; empty when the record has none. */
    public Optional<Qualifier> all() {
        return directives.stream()
                .filter(directive -> directive.mechanism() instanceof Mechanism.All)
                .map(Directive::qualifier)
                .findFirst();
    }

    /** The directives that can matter: up to {@code all}. */
    public List<Directive> reachable() {
        for (int i = 0; i < directives.size(); i++) {
            if (directives.get(i).mechanism() instanceof Mechanism.All) {
                return directives.subList(0, i + 1);
            }
        }
        return directives;
    }

    /** Where to go when nothing matches; empty beside {@code all} (RFC 7208 section 6.1). */
    public Optional<MacroString> effectiveRedirect() {
        return all().isPresent() ? Optional.empty() : redirect;
    }

    /**
     * How many of its own terms need the DNS at most, redirect included; what included records need
     * comes on top.
     */
    public int ownLookups() {
        long mechanisms = reachable().stream().filter(it -> it.mechanism().looksUp()).count();
        return (int) mechanisms + (effectiveRedirect().isPresent() ? 1 : 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
