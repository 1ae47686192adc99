package mansio.state.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.Header;
import mansio.codec.message.MailDate;
import mansio.codec.smtp.MailParameters.Ret;
import mansio.codec.text.Address;
import mansio.state.queue.Recipient;
import mansio.state.queue.Reports.Kind;
import mansio.state.queue.Reports.Occasion;
import mansio.state.store.Content;
import mansio.state.store.Content.Inline;
import mansio.state.store.Content.Piece;

import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code multipart/report} (RFC 6522, RFC 3464): the text for people, the fields for programs,
 * and the message or its header. The message is not copied: the report refers to the same blob.
 */
final class ReportMessage {
    private final Occasion occasion;
    private final Original original;
    private final Audience audience;
    private final Origin origin;
    private final boolean global;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4 << 10);

    /**
     * Where reports come from.
     *
     * @param from their author
     * @param hostname the server's
     * @param unique a word that is in no message: for the boundary and the Message-ID
     */
    record Origin(Address from, String hostname, String unique, Advices advices) {}

    /** The report, and whether it needs SMTPUTF8 (RFC 6531). */
    record Made(Content content, String messageId, boolean smtpUtf8) {}

    private ReportMessage(Occasion occasion, Original original, Audience audience, Origin origin) {
        this.occasion = occasion;
        this.original = original;
        this.audience = audience;
        this.origin = origin;
        this.global = needsUtf8(occasion, audience);
    }

    /** Puts a report together. */
    static Made of(Occasion occasion, Original original, Audience audience, Origin origin) {
        return new ReportMessage(occasion, original, audience, origin).make();
    }

    private static boolean needsUtf8(Occasion occasion, Audience audience) {
        return occasion.entry().envelope().smtpUtf8()
                || audience.to().needsUtf8()
                || occasion.told().stream()
                        .map((Recipient it) -> audience.addressOf(it))
                        .anyMatch(Address::needsUtf8);
    }

    private Made make() {
        Header header = original.fields();
        String messageId = "report." + origin.unique() + "@" + origin.hostname();
        fields(header, messageId);
        part("text/plain; charset=utf-8", "8bit");
        text(ReportText.of(occasion, audience, origin.advices(), header));
        part(global ? "message/global-delivery-status" : "message/delivery-status", transfer());
        text(StatusFields.of(occasion, origin.hostname(), audience, global));
        Content content = bringsBackAll() ? withMessage() : withHeader();
        return new Made(content, messageId, global);
    }

    private void fields(Header header, String messageId) {
        field("From", FieldPrinter.mailbox("Mail delivery", origin.from()));
        field("To", audience.to().toWire());
        out.writeBytes(FieldPrinter.unstructured("Subject", ReportText.subject(occasion, header)));
        field("Date", MailDate.format(occasion.now().atOffset(ZoneOffset.UTC)));
        field("Message-ID", "<" + messageId + ">");
        String about = occasion.entry().messageId();
        if (fitsHeader(about)) {
            field("In-Reply-To", "<" + about + ">");
            field("References", "<" + about + ">");
        }
        // RFC 3834 section 5: nobody answers this by machine.
        field("Auto-Submitted", "auto-replied");
        field("MIME-Version", "1.0");
        field(
                "Content-Type",
                "multipart/report;",
                "report-type=" + (global ? "global-" : "") + "delivery-status;",
                "boundary=\"" + origin.unique() + "\"");
        field("Content-Transfer-Encoding", "8bit");
    }

    /** A stranger wrote it: what is not printable must neither stop the report nor get into it. */
    private static boolean fitsHeader(String messageId) {
        return !messageId.isEmpty()
                && messageId.length() < 500
                && messageId.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private void field(String name, String... pieces) {
        out.writeBytes(FieldPrinter.structured(name, List.of(pieces)));
    }

    /** RFC 3461 section 4.3: RET counts for failures; all else brings back the header only. */
    private boolean bringsBackAll() {
        boolean headersOnly =
                occasion.entry().envelope().wishes().ret().filter(Ret.HDRS::equals).isPresent();
        return original.whole() && occasion.kind() == Kind.FAILED && !headersOnly;
    }

    private Content withMessage() {
        part(global ? "message/global" : "message/rfc822", transfer());
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Inline(out.toByteArray()));
        pieces.addAll(original.content().pieces());
        pieces.add(new Inline(closing().getBytes(UTF_8)));
        return new Content(pieces);
    }

    private Content withHeader() {
        part(global ? "message/global-headers" : "text/rfc822-headers", transfer());
        int room = Content.MAX_INLINE_BYTES - out.size() - 1024;
        out.writeBytes(original.headerWithin(room));
        out.writeBytes(closing().getBytes(UTF_8));
        return new Content(List.of(new Inline(out.toByteArray())));
    }

    private String transfer() {
        return original.eightBit() || global ? "8bit" : "7bit";
    }

    private void part(String type, String transferEncoding) {
        text("\r\n--" + origin.unique() + "\r\n");
        text("Content-Type: " + type + "\r\n");
        text("Content-Transfer-Encoding: " + transferEncoding + "\r\n\r\n");
    }

    private String closing() {
        return "\r\n--" + origin.unique() + "--\r\n";
    }

    private void text(String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }
}
