package mansio.state.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A failure report (RFC 3464) about a message that was never in the queue: a program's, on this
 * machine. Without Date and Message-ID, which it gets as local mail does.
 *
 * @param to who is told
 * @param hostname of the server
 * @param unique a word that is in no message, for the boundary
 * @param failed at least one
 * @param header of the message, its lines ended by CRLF, as far as it is to be brought back
 */
public record Undelivered(
        Address to, Domain hostname, String unique, List<Failed> failed, byte[] header) {
    /** RFC 3463: bad destination mailbox address. */
    public static final String NOBODY = "5.1.1";

    private static final int MAX_SHOWN = 100;

    public Undelivered {
        failed = List.copyOf(failed);
    }

    /**
     * A recipient.
     *
     * @param name as it was given, in one line: perhaps no address
     * @param status of RFC 3463
     * @param sentence why, in one line
     */
    public record Failed(String name, String status, String sentence) {
        @Override
        public String toString() {
            return name.isEmpty() ? sentence : name + ": " + sentence;
        }
    }

    /**
     * The report.
     *
     * @param subject of the message, in one line; empty for none
     */
    public byte[] message(Domain domain, String subject) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4 << 10);
        Address from = Address.of("mailer-daemon", domain);
        field(out, "From", FieldPrinter.mailbox("Mail delivery", from));
        field(out, "To", "<" + to.toWire() + ">");
        field(out, "Subject", "Your mail was not sent");
        // RFC 3834 section 5: nobody answers this by machine.
        field(out, "Auto-Submitted", "auto-replied");
        field(out, "MIME-Version", "1.0");
        field(
                out,
                "Content-Type",
                "multipart/report;",
                "report-type=delivery-status;",
                "boundary=\"" + unique + "\"");
        field(out, "Content-Transfer-Encoding", "8bit");
        part(out, "text/plain; charset=utf-8", "8bit");
        text(out, "A message that a program of yours sent could not be delivered to everybody:");
        text(out, "");
        failed.stream().limit(MAX_SHOWN).forEach(it -> text(out, "  " + it));
        if (!subject.isEmpty()) text(out, "\r\nIts subject: " + subject);
        part(out, "message/delivery-status", "7bit");
        text(out, "Reporting-MTA: dns; " + hostname.text());
        failed.stream().limit(MAX_SHOWN).forEach(it -> status(out, it));
        part(out, "text/rfc822-headers", "8bit");
        out.writeBytes(header);
        text(out, "\r\n--" + unique + "--");
        return out.toByteArray();
    }

    /** RFC 3464 section 2.3. */
    private static void status(ByteArrayOutputStream out, Failed failed) {
        boolean address = Address.tryParse(failed.name()).filter(it -> !it.needsUtf8()).isPresent();
        text(out, "");
        text(
                out,
                "Final-Recipient: "
                        + (address ? "rfc822; " : "x-local; ")
                        + (failed.name().isEmpty()
                                ? "none"
                                : failed.name().replaceAll("[^ -~]", "?")));
        text(out, "Action: failed");
        text(out, "Status: " + failed.status());
    }

    private void part(ByteArrayOutputStream out, String type, String encoding) {
        text(out, "\r\n--" + unique);
        text(out, "Content-Type: " + type);
        text(out, "Content-Transfer-Encoding: " + encoding + "\r\n");
    }

    private static void field(ByteArrayOutputStream out, String name, String... pieces) {
        out.writeBytes(FieldPrinter.structured(name, List.of(pieces)));
    }

    private static void text(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\r\n").getBytes(UTF_8));
    }
}
