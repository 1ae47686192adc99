package mansio.app.main;

import mansio.codec.text.Ascii;
import mansio.serve.admin.Answer;
import mansio.serve.inbound.Explanation;
import mansio.serve.inbound.Objection;
import mansio.serve.inbound.Refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code mansio explain} answers.
 *
 * @param message what was looked at, and by whose rules
 * @param notes what the server would see otherwise
 * @param verdict accept, junk, defer or refuse
 * @param reply what the other server would hear
 * @param authenticationResults the field that would be put in front; empty when it is not checked
 */
record Explained(
        String message,
        List<String> notes,
        List<Finding> findings,
        List<Against> objections,
        List<ForRecipient> recipients,
        String verdict,
        String reply,
        String authenticationResults)
        implements Answer {
    private static final String TAKEN = "250 2.0.0";

    /** What a check found. */
    record Finding(String outcome, String text) {}

    /**
     * What speaks against it.
     *
     * @param measure note, junk, defer or refuse
     */
    record Against(String measure, String reason) {}

    /**
     * What becomes of it for one recipient.
     *
     * @param end taken, junk, or refused
     */
    record ForRecipient(String address, String end, String reason) {}

    /**
     * From what the replay says.
     *
     * @param refused recipients that RCPT does not let pass
     */
    static Explained of(
            String message, List<String> notes, Explanation why, List<ForRecipient> refused) {
        List<ForRecipient> recipients = new ArrayList<>(refused);
        for (Explanation.Fate fate : why.fates()) {
            recipients.add(
                    new ForRecipient(
                            fate.to().equals(ExplainCommand.ANYBODY)
                                    ? "any mailbox here"
                                    : fate.to().toDisplay(),
                            Ascii.lower(fate.end().name()),
                            fate.reason()));
        }
        return new Explained(
                message,
                List.copyOf(notes),
                why.findings().stream()
                        .flatMap(it -> it.lines().stream())
                        .map(it -> new Finding(it.outcome(), it.text()))
                        .toList(),
                why.objections().stream().map(Explained::against).toList(),
                List.copyOf(recipients),
                verdict(why),
                why.refusal().map(Explained::reply).orElse(TAKEN + " accepted"),
                why.field().strip());
    }

    /** Of a message that nobody is there for. */
    static Explained unwanted(String message, List<ForRecipient> refused) {
        String reply = refused.getFirst().reason();
        return new Explained(
                message,
                List.of(),
                List.of(),
                List.of(),
                refused,
                reply.startsWith("4") ? "defer" : "refuse",
                reply,
                "");
    }

    private static Against against(Objection objection) {
        return new Against(Ascii.lower(objection.measure().name()), objection.reason());
    }

    private static String verdict(Explanation why) {
        Optional<Refusal> refusal = why.refusal();
        if (refusal.isPresent()) return refusal.get().code() < 500 ? "defer" : "refuse";
        boolean junk = why.fates().stream().allMatch(it -> it.end() == Explanation.End.JUNK);
        return junk ? "junk" : "accept";
    }

    private static String reply(Refusal refusal) {
        return refusal.code() + " " + refusal.status() + " " + refusal.text();
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(message);
        notes.forEach(it -> lines.add("Note: " + it));
        if (!findings.isEmpty()) lines.add("Found:");
        findings.forEach(it -> lines.add("  %-16s %s".formatted(it.outcome, it.text)));
        if (!findings.isEmpty()) {
            lines.add(objections.isEmpty() ? "Against it: nothing." : "Against it:");
        }
        objections.forEach(it -> lines.add("  %-16s %s".formatted(it.measure, it.reason)));
        if (!recipients.isEmpty()) lines.add("For:");
        for (ForRecipient it : recipients) {
            String why = it.reason.isEmpty() ? "" : ": " + it.reason;
            lines.add("  " + it.address + " " + it.end + why);
        }
        lines.add("Verdict: " + verdict);
        lines.add("Reply: " + reply);
        lines.addAll(authenticationResults.lines().toList());
        return lines;
    }

    @Override
    public boolean satisfied() {
        return reply.startsWith("2");
    }

    boolean mayComeAgain() {
        return reply.startsWith("4");
    }
}
