package mansio.serve.preflight;

import mansio.codec.message.AddressList;
import mansio.codec.message.FromFinder;
import mansio.codec.message.FromResult;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.message.MailDate;
import mansio.codec.message.MessageIds;
import mansio.codec.message.Oddity;
import mansio.codec.message.ParsedMessage;
import mansio.codec.message.Part;
import mansio.codec.text.Ascii;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the message is written as RFC 5322 and RFC 2045 say. */
final class FormatRules {
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final Duration BEHIND = Duration.ofDays(2);
    private static final int FEW_LETTERS = 8;

    /** RFC 5322 section 3.6, RFC 2045, RFC 2369 section 3: at most one of each. */
    private static final List<String> ONCE =
            List.of(
                    "Date",
                    "From",
                    "Sender",
                    "Reply-To",
                    "To",
                    "Cc",
                    "Bcc",
                    "Message-ID",
                    "In-Reply-To",
                    "References",
                    "Subject",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding",
                    "List-Id",
                    "List-Unsubscribe",
                    "List-Unsubscribe-Post");

    private static final Set<Oddity.Kind> BROKEN =
            EnumSet.of(
                    Oddity.Kind.BAD_CONTENT_TYPE,
                    Oddity.Kind.MISSING_BOUNDARY,
                    Oddity.Kind.NO_PARTS,
                    Oddity.Kind.MISSING_CLOSE_DELIMITER,
                    Oddity.Kind.ENCODED_COMPOSITE,
                    Oddity.Kind.UNKNOWN_ENCODING,
                    Oddity.Kind.TOO_DEEP,
                    Oddity.Kind.TOO_MANY_PARTS);

    private static final Set<Oddity.Kind> BAD_HEADER =
            EnumSet.of(
                    Oddity.Kind.MALFORMED_FIELD,
                    Oddity.Kind.SPACE_BEFORE_COLON,
                    Oddity.Kind.NUL_IN_HEADER,
                    Oddity.Kind.HEADER_NOT_ENDED,
                    Oddity.Kind.HEADER_TOO_LARGE,
                    Oddity.Kind.TOO_MANY_FIELDS);

    static final List<Rule> ALL =
            List.of(
                    rule("from", 20, FormatRules::from, "write one From field with one address"),
                    rule("date", 5, FormatRules::date, "write a Date field with the time now"),
                    rule(
                            "message-id",
                            5,
                            FormatRules::messageId,
                            "write one Message-ID: <something unique@a domain of yours>"),
                    rule("once", 10, FormatRules::once, "write each of these fields once"),
                    rule(
                            "recipients",
                            5,
                            FormatRules::recipients,
                            "name the recipients in To, each with a whole address"),
                    rule(
                            "reply-to",
                            5,
                            FormatRules::replyTo,
                            "name whole addresses in Reply-To, or leave it out"),
                    rule("subject", 5, FormatRules::subject, "write a subject"),
                    rule(
                            "loud-subject",
                            5,
                            FormatRules::loudSubject,
                            "write the subject in small letters, as people do"),
                    rule(
                            "header-lines",
                            10,
                            FormatRules::headerLines,
                            "write each line of the header as Name: value"),
                    rule(
                            "bare-8bit-header",
                            5,
                            FormatRules::bareHeader,
                            "encode other letters in the header (RFC 2047)"),
                    rule(
                            "bare-8bit-body",
                            5,
                            FormatRules::bareBody,
                            "say which charset and encoding it is (MIME-Version, Content-Type,"
                                    + " Content-Transfer-Encoding)"),
                    rule(
                            "lines",
                            10,
                            FormatRules::lines,
                            "end lines with CR LF, at most 998 bytes long, or encode the text"),
                    rule("mime", 10, FormatRules::mime, "have a mail library write the MIME parts"),
                    rule(
                            "html-only",
                            5,
                            FormatRules::htmlOnly,
                            "send the text besides, as multipart/alternative"));

    private FormatRules() {}

    private static Rule rule(String name, int tenths, Rule.PlainTest test, String cure) {
        return Rule.plain(name, tenths, test, cure);
    }

    private static Header header(Arrived message) {
        return message.message().header();
    }

    private static Optional<String> from(Arrived message) {
        return switch (FromFinder.of(message.message())) {
            case FromResult.One _ -> Optional.empty();
            case FromResult.Missing _ -> Optional.of("there is no From field");
            case FromResult.Ambiguous ambiguous ->
                    Optional.of(
                            "From can be read in two ways: "
                                    + Ascii.lower(ambiguous.reason().name()).replace('_', ' '));
        };
    }

    private static Optional<String> date(Arrived message) {
        Optional<String> value = header(message).value("Date");
        if (value.isEmpty()) return Optional.of("there is no Date field");
        Optional<Instant> date = MailDate.parse(value.get()).map(OffsetDateTime::toInstant);
        if (date.isEmpty()) return Optional.of("Date is no date");
        if (date.get().isAfter(message.now().plus(AHEAD))) {
            return Optional.of("Date lies in the future");
        }
        return date.get().isBefore(message.now().minus(BEHIND))
                ? Optional.of("Date is more than two days ago")
                : Optional.empty();
    }

    private static Optional<String> messageId(Arrived message) {
        Optional<String> value = header(message).value("Message-ID").map(String::strip);
        if (value.isEmpty()) return Optional.of("there is no Message-ID field");
        String id = MessageIds.first(value.get()).orElse("");
        int at = id.lastIndexOf('@');
        boolean good = at > 0 && at < id.length() - 1 && value.get().equals("<" + id + ">");
        return good ? Optional.empty() : Optional.of("Message-ID is not <left@right>");
    }

    private static Optional<String> once(Arrived message) {
        List<String> doubled = ONCE.stream().filter(it -> header(message).count(it) > 1).toList();
        return doubled.isEmpty()
                ? Optional.empty()
                : Optional.of("more than once: " + String.join(", ", doubled));
    }

    private static Optional<String> recipients(Arrived message) {
        List<HeaderField> fields = new ArrayList<>(header(message).all("To"));
        fields.addAll(header(message).all("Cc"));
        if (fields.isEmpty()) return Optional.of("there is neither To nor Cc");
        for (HeaderField field : fields) {
            AddressList list = AddressList.parse(field.unfolded());
            if (list.entries().isEmpty()) return Optional.of(field.name() + " is empty");
            if (list.mailboxes().stream().anyMatch(it -> it.address().isEmpty())) {
                return Optional.of(field.name() + " has an entry that is no address");
            }
        }
        return Optional.empty();
    }

    /** Microsoft asks for one that can be answered to. */
    private static Optional<String> replyTo(Arrived message) {
        for (HeaderField field : header(message).all("Reply-To")) {
            AddressList list = AddressList.parse(field.unfolded());
            boolean whole =
                    !list.mailboxes().isEmpty()
                            && list.mailboxes().stream().allMatch(it -> it.address().isPresent());
            if (!whole) return Optional.of("Reply-To has an entry that is no address");
        }
        return Optional.empty();
    }

    private static String subjectOf(Arrived message) {
        return header(message).first("Subject").map(HeaderField::decoded).orElse("").strip();
    }

    private static Optional<String> subject(Arrived message) {
        return subjectOf(message).isEmpty() ? Optional.of("there is no subject") : Optional.empty();
    }

    private static Optional<String> loudSubject(Arrived message) {
        String subject = subjectOf(message);
        long upper = subject.codePoints().filter(Character::isUpperCase).count();
        boolean lower = subject.codePoints().anyMatch(Character::isLowerCase);
        return upper >= FEW_LETTERS && !lower
                ? Optional.of("the subject is all capitals")
                : Optional.empty();
    }

    private static Optional<String> headerLines(Arrived message) {
        return odd(message.message(), BAD_HEADER);
    }

    private static Optional<String> odd(ParsedMessage message, Set<Oddity.Kind> kinds) {
        List<String> found =
                message.oddityKinds().stream()
                        .filter(kinds::contains)
                        .map(it -> Ascii.lower(it.name()).replace('_', ' '))
                        .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
    }

    private static int bodyStart(Arrived message) {
        return (int) message.message().root().extent().bodyStart();
    }

    private static boolean anyEightBit(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) if (bytes[i] < 0) return true;
        return false;
    }

    private static Optional<String> bareHeader(Arrived message) {
        return anyEightBit(message.bytes(), 0, bodyStart(message))
                ? Optional.of("there are bytes above 127 in the header")
                : Optional.empty();
    }

    /** 8-bit text that no part declares. */
    private static Optional<String> bareBody(Arrived message) {
        boolean mime = header(message).count("MIME-Version") > 0;
        boolean eight = anyEightBit(message.bytes(), bodyStart(message), message.bytes().length);
        if (!eight) return Optional.empty();
        if (!mime) return Optional.of("there are bytes above 127, and no MIME-Version");
        return undeclared(message.message().root(), message.bytes())
                ? Optional.of("there are bytes above 127 in a part that is declared as 7bit")
                : Optional.empty();
    }

    private static boolean undeclared(Part part, byte[] bytes) {
        if (part.contentType().isMultipart() || part.message().isPresent()) {
            return part.children().stream().anyMatch(it -> undeclared(it, bytes))
                    || part.message().filter(it -> undeclared(it, bytes)).isPresent();
        }
        boolean seven =
                !part.transferEncoding().equals("8bit")
                        && !part.transferEncoding().equals("binary");
        return seven
                && anyEightBit(
                        bytes, (int) part.extent().bodyStart(), (int) part.extent().bodyEnd());
    }

    private static Optional<String> lines(Arrived message) {
        byte[] bytes = message.bytes();
        int start = 0;
        int longest = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) return Optional.of("there is a NUL byte");
            boolean afterCr = i > 0 && bytes[i - 1] == '\r';
            if (bytes[i] == '\n' != afterCr) return Optional.of("there is a CR or LF by itself");
            if (bytes[i] == '\n') {
                longest = Math.max(longest, i - 1 - start);
                start = i + 1;
            }
        }
        if (bytes.length > 0 && bytes[bytes.length - 1] == '\r') {
            return Optional.of("there is a CR or LF by itself");
        }
        longest = Math.max(longest, bytes.length - start);
        return longest <= 998
                ? Optional.empty()
                : Optional.of("a line is " + longest + " bytes long");
    }

    private static Optional<String> mime(Arrived message) {
        Header header = header(message);
        Optional<String> odd = odd(message.message(), BROKEN);
        if (odd.isPresent()) return odd;
        return header.count("Content-Type") > 0 && header.count("MIME-Version") == 0
                ? Optional.of("Content-Type without MIME-Version")
                : Optional.empty();
    }

    private static Optional<String> htmlOnly(Arrived message) {
        Part root = message.message().root();
        return has(root, "html") && !has(root, "plain")
                ? Optional.of("there is HTML, and no text")
                : Optional.empty();
    }

    /** What is attached is not the text of the message, whatever its type. */
    private static boolean has(Part part, String subtype) {
        boolean attached =
                part.disposition().filter(it -> it.type().equals("attachment")).isPresent();
        return (part.contentType().is("text", subtype) && !attached)
                || part.children().stream().anyMatch(it -> has(it, subtype));
    }
}
