package mansio.serve.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.MailDate;
import mansio.codec.text.Address;
import mansio.net.listen.TlsFacts;
import mansio.serve.checks.Findings;
import mansio.serve.preflight.Score;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.Content;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reflector's answer: mail of our own with the null reverse-path, so that nothing is ever
 * answered to it (RFC 3834).
 *
 * @param asked the address that answers
 */
record Reflection(String hostname, Address asked, Optional<TlsFacts> tls, Findings findings) {
    /** RFC 5322 section 2.1.1, and room for UTF-8. */
    private static final int MAX_LINE = 240;

    /**
     * The answer as an entry of the queue.
     *
     * @param to whose reverse-path is known to be true, at another server
     * @param messageId of what came, without angle brackets; may be empty
     */
    QueueEntry entry(QueueId id, Instant now, Address to, String messageId) {
        String own = "check." + id + "@" + hostname;
        Envelope envelope =
                new Envelope(
                        Optional.empty(),
                        Body.EIGHT_BIT_MIME,
                        to.needsUtf8() || asked.needsUtf8(),
                        new Source("", hostname, "", Optional.empty(), "reflector").own());
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 << 10);
        field(out, "From", FieldPrinter.mailbox("Mail check", asked));
        field(out, "To", "<" + to.toWire() + ">");
        out.writeBytes(FieldPrinter.unstructured("Subject", "What was found about your message"));
        field(out, "Date", MailDate.format(now.atOffset(ZoneOffset.UTC)));
        field(out, "Message-ID", "<" + own + ">");
        if (isPlain(messageId)) {
            field(out, "In-Reply-To", "<" + messageId + ">");
            field(out, "References", "<" + messageId + ">");
        }
        field(out, "Auto-Submitted", "auto-replied");
        field(out, "MIME-Version", "1.0");
        field(out, "Content-Type", "text/plain; charset=utf-8");
        field(out, "Content-Transfer-Encoding", "8bit");
        out.writeBytes(("\r\n" + text()).getBytes(UTF_8));
        return new QueueEntry(
                id,
                now,
                envelope,
                new Content(List.of(new Content.Inline(out.toByteArray()))),
                own,
                List.of(Recipient.fresh(to, new Action.Relay())));
    }

    private static boolean isPlain(String messageId) {
        return !messageId.isEmpty()
                && messageId.chars().allMatch(c -> c > ' ' && c < 127 && c != '<' && c != '>');
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        lines.add("You wrote to " + asked.toDisplay() + ", which answers with what was found.");
        lines.add("");
        String address = findings.client().address().getHostAddress();
        lines.add(
                "  from             "
                        + address
                        + ", which calls itself "
                        + findings.client().helo());
        lines.add(
                "  tls              "
                        + tls.map(it -> it.protocol() + " " + it.cipherSuite()).orElse("none"));
        for (Findings.Line line : findings.lines()) {
            lines.add("  %-16s %s".formatted(line.outcome(), line.text()));
        }
        lines.add("");
        Score score =
                Score.ofSender(findings, tls.map(it -> it.protocol() + " " + it.cipherSuite()));
        lines.addAll(faults(score.lost()));
        lines.add("");
        for (Score.Open it : score.unknown()) {
            lines.add("Could not be told now: " + it.why() + ".");
        }
        lines.add("This address keeps nothing of your message.");
        StringBuilder text = new StringBuilder();
        for (String line : lines) text.append(clean(line)).append("\r\n");
        return text.toString();
    }

    private static List<String> faults(List<Score.Lost> lost) {
        if (lost.isEmpty()) return List.of("Nothing of this is wrong.");
        List<String> lines = new ArrayList<>();
        lines.add("What large receivers would not like:");
        for (Score.Lost it : lost) {
            lines.add("");
            lines.add("  " + it.what() + ".");
            lines.add("  Cure: " + it.cure() + ".");
        }
        return lines;
    }

    /**
     * Words of others cannot end a line, turn its direction, hide in it, or make it longer than
     * mail may have.
     */
    static String clean(String line) {
        String cut = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "..." : line;
        StringBuilder clean = new StringBuilder(cut.length());
        cut.codePoints().map(c -> isShown(c) ? c : '?').forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.writeBytes(FieldPrinter.structured(name, List.of(value)));
    }
}
