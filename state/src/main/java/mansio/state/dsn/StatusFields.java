package mansio.state.dsn;

import mansio.codec.message.MailDate;
import mansio.codec.smtp.RcptParameters.OriginalRecipient;
import mansio.codec.text.Address;
import mansio.state.queue.Failure;
import mansio.state.queue.Fate;
import mansio.state.queue.Progress;
import mansio.state.queue.Recipient;
import mansio.state.queue.Reports.Occasion;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The fields that programs read: {@code message/delivery-status} (RFC 3464 section 2), or {@code
 * message/global-delivery-status} (RFC 6533 section 4) where an address needs it.
 */
final class StatusFields {
    /** RFC 5322 section 2.1.1, less what a field's name takes. */
    private static final int MAX_VALUE = 900;

    private final Occasion occasion;
    private final Audience audience;
    private final boolean global;
    private final StringBuilder out = new StringBuilder();

    private StatusFields(Occasion occasion, Audience audience, boolean global) {
        this.occasion = occasion;
        this.audience = audience;
        this.global = global;
    }

    /** The body of the part, with CRLF line ends. */
    static String of(Occasion occasion, String reportingMta, Audience audience, boolean global) {
        StatusFields fields = new StatusFields(occasion, audience, global);
        fields.message(reportingMta);
        occasion.told().forEach(fields::recipient);
        return fields.out.toString();
    }

    // RFC 3464 section 2.2.
    private void message(String reportingMta) {
        occasion.entry()
                .envelope()
                .wishes()
                .envid()
                .ifPresent(envid -> field("Original-Envelope-Id", envid));
        field("Reporting-MTA", "dns; " + reportingMta);
        field("Arrival-Date", date(occasion.entry().received()));
    }

    // RFC 3464 section 2.3.
    private void recipient(Recipient recipient) {
        out.append("\r\n");
        recipient.wish().originalRecipient().ifPresent(this::originalRecipient);
        field("Final-Recipient", typed(audience.addressOf(recipient)));
        switch (recipient.progress()) {
            case Progress.Done(Fate fate) -> ended(fate);
            case Progress.Waiting waiting -> delayed(waiting.failure());
            case Progress.DotSent(_, _, Progress.Waiting before) -> delayed(before.failure());
            case Progress.Held(_, Progress.Waiting before) -> delayed(before.failure());
        }
    }

    private void originalRecipient(OriginalRecipient original) {
        field("Original-Recipient", original.type() + "; " + original.address());
    }

    private void ended(Fate fate) {
        switch (fate) {
            case Fate.Failed(Failure failure) -> failed("failed", failure);
            case Fate.Expired(Failure failure) -> failed("failed", failure);
            case Fate.Delivered(String host, String reply, _, _) -> {
                field("Action", "relayed");
                field("Status", "2.0.0");
                remote(host, reply);
            }
            case Fate.LocalDelivered _ -> {
                field("Action", "delivered");
                field("Status", "2.0.0");
            }
            case Fate.Removed _, Fate.WentOn _ ->
                    throw new IllegalStateException("nobody is told: " + fate.line());
        }
    }

    private void delayed(Optional<Failure> why) {
        if (why.isPresent()) {
            failed("delayed", why.get());
        } else {
            field("Action", "delayed");
            field("Status", "4.0.0");
        }
        field("Will-Retry-Until", date(occasion.givenUpAt()));
    }

    private void failed(String action, Failure failure) {
        field("Action", action);
        field("Status", status(failure.status(), action.equals("failed") ? '5' : '4'));
        remote(failure.host(), failure.reply());
        field("Last-Attempt-Date", date(failure.at()));
        field("Final-Log-ID", occasion.entry().id().toString());
    }

    /**
     * What was given up after days of 4.x.x has failed (RFC 3463 section 3.5: 4.4.7), so the class
     * is not changed then; only nonsense is.
     */
    private static String status(String status, char usualClass) {
        return status.matches("[245]\\.\\d{1,3}\\.\\d{1,3}") ? status : usualClass + ".0.0";
    }

    private void remote(String host, String reply) {
        if (!host.isEmpty()) field("Remote-MTA", "dns; " + host);
        if (!reply.isEmpty()) {
            field("Diagnostic-Code", "smtp; " + ReportText.brief(reply, occasion));
        }
    }

    private String typed(Address address) {
        return (address.needsUtf8() ? "utf-8; " : "rfc822; ") + address.toWire();
    }

    private void field(String name, String value) {
        String text = global ? value : ascii(value);
        int end = Math.min(text.length(), MAX_VALUE);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) end--;
        out.append(name).append(": ").append(text, 0, end).append("\r\n");
    }

    private static String ascii(String text) {
        return text.codePoints().allMatch(c -> c < 128)
                ? text
                : text.codePoints()
                        .map(c -> c < 128 ? c : '?')
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    private static String date(Instant at) {
        return MailDate.format(at.atOffset(ZoneOffset.UTC));
    }
}
