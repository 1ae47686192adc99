package mansio.state.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import mansio.codec.message.MailDate;
import mansio.state.queue.Fate;
import mansio.state.queue.Progress;
import mansio.state.queue.Recipient;
import mansio.state.queue.Reports.Occasion;

import java.time.ZoneOffset;

/**
 * A report for when a better one cannot be made: who did not get it, and the fields that RFC 3464
 * section 2 demands. Plain ASCII, from values that cannot fail; the message is not looked at.
 */
final class SimpleReport {
    /** RFC 5321 section 4.5.3.1.3: the longest path; more is cut. */
    private static final int MAX_ADDRESS = 256;

    private final Occasion occasion;
    private final Audience audience;
    private final String hostname;

    SimpleReport(Occasion occasion, Audience audience, String hostname) {
        this.occasion = occasion;
        this.audience = audience;
        this.hostname = hostname;
    }

    String messageId() {
        return "report." + occasion.reportId() + "@" + hostname;
    }

    byte[] bytes() {
        StringBuilder people = new StringBuilder();
        StringBuilder programs = new StringBuilder("Reporting-MTA: dns; " + hostname + "\r\n");
        for (Recipient recipient : occasion.told()) {
            String to = ascii(audience.addressOf(recipient).toWire());
            boolean failed = failed(recipient);
            people.append("    ").append(to);
            people.append(failed ? ": not delivered\r\n" : ": delivered\r\n");
            programs.append("\r\nFinal-Recipient: rfc822; ").append(to);
            programs.append("\r\nAction: ").append(failed ? "failed" : "delivered");
            programs.append("\r\nStatus: ").append(failed ? "5.0.0" : "2.0.0").append("\r\n");
        }
        String boundary = "=_" + occasion.reportId() + "_report";
        String message =
                """
                From: Mail delivery <mailer-daemon@%s>
                To: %s
                Subject: Delivery report
                Date: %s
                Message-ID: <%s>
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status;
                 boundary="%s"

                --%s
                Content-Type: text/plain; charset=us-ascii

                What became of your message %s:

                %s
                --%s
                Content-Type: message/delivery-status

                %s
                --%s--
                """
                        .replace("\n", "\r\n")
                        .formatted(
                                hostname,
                                ascii(audience.to().toWire()),
                                MailDate.format(occasion.now().atOffset(ZoneOffset.UTC)),
                                messageId(),
                                boundary,
                                boundary,
                                occasion.entry().id(),
                                people,
                                boundary,
                                programs,
                                boundary);
        return message.getBytes(US_ASCII);
    }

    private static boolean failed(Recipient recipient) {
        return recipient.progress() instanceof Progress.Done(Fate fate)
                && (fate instanceof Fate.Failed || fate instanceof Fate.Expired);
    }

    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.codePoints()
                .limit(MAX_ADDRESS)
                .forEach(c -> ascii.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return ascii.toString();
    }
}
