package mansio.serve.dmarcreports;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.MailDate;
import mansio.codec.text.Address;
import mansio.codec.text.TransferEncoder;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateWriter;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An aggregate report as a message (RFC 7489 section 7.2.1.1).
 *
 * @param from at the domain that is named as the submitter
 * @param messageId without angle brackets
 * @param file the report, as {@link AggregateWriter#gzip} makes it
 */
record ReportMessage(
        Address from,
        List<Address> to,
        String messageId,
        Instant date,
        AggregateReport report,
        byte[] file) {
    byte[] bytes() {
        String submitter = from.domain().orElseThrow().text();
        String domain = report.published().domain();
        // At most 70 chars (RFC 2046 section 5.1.1): not with the name of a host.
        String boundary = "=_" + messageId.substring(0, messageId.indexOf('@'));
        ByteArrayOutputStream out = new ByteArrayOutputStream(4 << 10);
        field(out, "From", FieldPrinter.mailbox("DMARC reports", from));
        out.writeBytes(FieldPrinter.structured("To", recipients()));
        // The form of section 7.2.1.1, by which readers sort them.
        out.writeBytes(
                FieldPrinter.structured(
                        "Subject",
                        List.of(
                                "Report Domain: " + domain,
                                "Submitter: " + submitter,
                                "Report-ID: <" + report.metadata().id() + ">")));
        field(out, "Date", MailDate.format(date.atOffset(ZoneOffset.UTC)));
        field(out, "Message-ID", "<" + messageId + ">");
        // RFC 3834 section 5: nobody is to answer.
        field(out, "Auto-Submitted", "auto-generated");
        field(out, "MIME-Version", "1.0");
        out.writeBytes(
                FieldPrinter.structured(
                        "Content-Type", List.of("multipart/mixed;", quoted("boundary", boundary))));
        line(out, "");
        line(out, "--" + boundary);
        line(out, "Content-Type: text/plain; charset=utf-8");
        line(out, "Content-Transfer-Encoding: 8bit");
        line(out, "");
        line(out, "This is a DMARC aggregate report of " + submitter + " about mail from");
        line(out, domain + ", as the rua tag of its DMARC record asks for.");
        line(out, "Messages: " + report.messages());
        line(out, "");
        line(out, "--" + boundary);
        String name = AggregateWriter.filename(report, submitter);
        out.writeBytes(
                FieldPrinter.structured(
                        "Content-Type", List.of("application/gzip;", quoted("name", name))));
        out.writeBytes(
                FieldPrinter.structured(
                        "Content-Disposition", List.of("attachment;", quoted("filename", name))));
        line(out, "Content-Transfer-Encoding: base64");
        line(out, "");
        out.writeBytes(TransferEncoder.base64(file));
        line(out, "");
        line(out, "--" + boundary + "--");
        return out.toByteArray();
    }

    private List<String> recipients() {
        List<String> all = to.stream().map(it -> "<" + it.toWire() + ">").toList();
        return IntStream.range(0, all.size())
                .mapToObj(i -> i + 1 < all.size() ? all.get(i) + "," : all.get(i))
                .toList();
    }

    private static String quoted(String name, String value) {
        return name + "=\"" + value + "\"";
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.writeBytes(FieldPrinter.structured(name, List.of(value)));
    }

    private static void line(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(UTF_8));
        out.writeBytes("\r\n".getBytes(US_ASCII));
    }
}
