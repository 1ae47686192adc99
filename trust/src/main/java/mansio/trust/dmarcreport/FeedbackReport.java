package mansio.trust.dmarcreport;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.message.MailDate;
import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;

import java.net.InetAddress;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The machine part of a feedback report (RFC 5965 section 3, RFC 6591 section 3): a complaint about
 * a message, or that it failed to authenticate. All of it comes from outside; texts are at most
 * 1,000 chars, lists at most 100 long.
 *
 * @param type in lower case: {@code abuse}, {@code fraud}, {@code auth-failure} ...
 * @param userAgent who made it; may be empty
 * @param incidents how many messages are meant, 1 to 10^12
 * @param mailFrom the reverse-path, without angle brackets; empty for the null one
 * @param rcptTo the recipients, without angle brackets
 * @param arrival when the message came
 * @param source whose host it came from
 * @param domains that are reported
 * @param uris that are reported
 * @param results Authentication-Results of the receiver
 * @param failure why authentication failed
 */
public record FeedbackReport(
        String type,
        String userAgent,
        long incidents,
        Optional<String> mailFrom,
        List<String> rcptTo,
        Optional<OffsetDateTime> arrival,
        Optional<InetAddress> source,
        List<String> domains,
        List<String> uris,
        List<String> results,
        Failure failure) {
    /** The media type of the part that this is read from. */
    public static final String MEDIA_TYPE = "message/feedback-report";

    private static final int MAX_TEXT = 1_000;
    private static final int MAX_LIST = 100;
    private static final int MAX_BYTES = 1 << 18;

    public FeedbackReport {
        rcptTo = List.copyOf(rcptTo);
        domains = List.copyOf(domains);
        uris = List.copyOf(uris);
        results = List.copyOf(results);
    }

    /**
     * Why authentication failed (RFC 6591 section 3.2); every text may be empty.
     *
     * @param kind in lower case: {@code dmarc}, {@code bodyhash}, {@code signature}, {@code spf},
     *     {@code revoked}, {@code adsp}
     * @param delivery what became of the message: {@code reject}, {@code spam}, {@code policy},
     *     {@code other} and so on
     * @param alignment of RFC 9991: {@code none}, or which of {@code spf} and {@code dkim} is
     *     <em>not</em> aligned
     */
    public record Failure(
            String kind,
            String delivery,
            String alignment,
            String dkimDomain,
            String dkimIdentity,
            String dkimSelector,
            String spfDns) {}

    /**
     * Reads the part.
     *
     * @param part its body, with the transfer encoding undone
     * @throws SyntaxException when it is none: it has no Feedback-Type
     */
    public static FeedbackReport parse(byte[] part) {
        if (part.length > MAX_BYTES) {
            throw new SyntaxException("the report is too long", MAX_BYTES);
        }
        Header header = Header.parse(withoutEmptyLines(part));
        String type = text(header, "Feedback-Type");
        if (type.isEmpty()) {
            throw new SyntaxException("expected Feedback-Type", 0);
        }
        return new FeedbackReport(
                Ascii.lower(type),
                text(header, "User-Agent"),
                incidents(text(header, "Incidents")),
                header.first("Original-Mail-From").map(FeedbackReport::address),
                list(header, "Original-Rcpt-To").stream().map(FeedbackReport::bare).toList(),
                header.value("Arrival-Date")
                        .or(() -> header.value("Received-Date"))
                        .flatMap(MailDate::parse),
                source(text(header, "Source-IP")),
                list(header, "Reported-Domain").stream().map(Ascii::lower).toList(),
                list(header, "Reported-URI"),
                list(header, "Authentication-Results"),
                new Failure(
                        Ascii.lower(text(header, "Auth-Failure")),
                        Ascii.lower(text(header, "Delivery-Result")),
                        Ascii.lower(text(header, "Identity-Alignment")),
                        Ascii.lower(text(header, "DKIM-Domain")),
                        text(header, "DKIM-Identity"),
                        text(header, "DKIM-Selector"),
                        text(header, "SPF-DNS")));
    }

    /** As {@link #parse}, for callers to whom a broken report is a normal answer. */
    public static Optional<FeedbackReport> tryParse(byte[] part) {
        try {
            return Optional.of(parse(part));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** Some begin with an empty line, which would end the fields. */
    private static byte[] withoutEmptyLines(byte[] part) {
        int start = 0;
        while (start < part.length && (part[start] == '\r' || part[start] == '\n')) {
            start++;
        }
        return Arrays.copyOfRange(part, start, part.length);
    }

    private static String text(Header header, String name) {
        return header.value(name).map(FeedbackReport::clean).orElse("");
    }

    private static List<String> list(Header header, String name) {
        return header.all(name).stream()
                .limit(MAX_LIST)
                .map(HeaderField::unfolded)
                .map(FeedbackReport::clean)
                .toList();
    }

    private static String clean(String text) {
        String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        StringBuilder out = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            out.append(Character.isISOControl(c) ? ' ' : c);
        }
        return out.toString().strip();
    }

    private static String address(HeaderField field) {
        return bare(clean(field.unfolded()));
    }

    private static String bare(String path) {
        boolean angle = path.startsWith("<") && path.endsWith(">");
        return angle ? path.substring(1, path.length() - 1) : path;
    }

    private static long incidents(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 12;
        return digits && text.chars().allMatch(Ascii::isDigit)
                ? Math.max(Long.parseLong(text), 1)
                : 1;
    }

    /** OpenDMARC puts the name of the host behind the address. */
    private static Optional<InetAddress> source(String text) {
        return AggregateBuilder.address(text.split("[ \t(]", 2)[0]);
    }
}
