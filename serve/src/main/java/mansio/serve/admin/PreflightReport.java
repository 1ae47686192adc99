package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.serve.checks.Findings;
import mansio.serve.preflight.Score;
import mansio.serve.rehearsal.Rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What large receivers would say to a message from here.
 *
 * @param message what was looked at, in a sentence
 * @param journey how it travelled; empty when it did not
 * @param score of ten
 * @param kept rules that took no point
 * @param unknown rules of which nobody can tell now
 * @param skipped rules that had nothing to look at
 * @param notes what is to be known besides
 */
public record PreflightReport(
        String message,
        Optional<Journey> journey,
        String score,
        List<Lost> lost,
        List<String> kept,
        List<Open> unknown,
        List<Open> skipped,
        List<String> notes)
        implements Answer {
    public PreflightReport {
        lost = List.copyOf(lost);
        kept = List.copyOf(kept);
        unknown = List.copyOf(unknown);
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }

    /** Points that are lost, and how to have them back. */
    public record Lost(String rule, String points, String what, String cure) {}

    /** A rule that says nothing, and why. */
    public record Open(String rule, String why) {}

    /**
     * How it travelled.
     *
     * @param way by which route, and to whom
     * @param relay the host that would send it on to the world
     * @param address that the world would see
     * @param ehlo what the server called itself
     * @param tls protocol and cipher
     * @param signing what was signed, or why nothing was
     * @param found what a receiver's checks found
     */
    public record Journey(
            String way,
            Optional<String> relay,
            String address,
            String ehlo,
            Optional<String> tls,
            Optional<String> signing,
            List<Found> found) {
        public Journey {
            found = List.copyOf(found);
        }

        private static Journey of(Rehearsal rehearsal) {
            return new Journey(
                    rehearsal.journey().way(),
                    rehearsal.journey().relay(),
                    rehearsal.envelope().client().address().getHostAddress(),
                    rehearsal.envelope().client().helo(),
                    rehearsal.journey().tls(),
                    rehearsal.journey().signing(),
                    rehearsal.findings().lines().stream().map(Found::of).toList());
        }

        private void addTo(List<String> lines) {
            lines.add("  %-16s %s".formatted("way", way));
            lines.add("  %-16s %s, which calls itself %s".formatted("from", address, ehlo));
            lines.add("  %-16s %s".formatted("tls", tls.orElse("none")));
            signing.ifPresent(it -> lines.add("  %-16s %s".formatted("dkim", it)));
            found.forEach(it -> lines.add("  %-16s %s".formatted(it.outcome, it.text)));
        }
    }

    /** A finding, as the story of a message has it. */
    public record Found(String outcome, String text) {
        private static Found of(Findings.Line line) {
            return new Found(line.outcome(), line.text());
        }
    }

    /** Of a message that did not travel. */
    public static PreflightReport of(String message, Score score, List<String> notes) {
        return of(message, Optional.empty(), score, notes);
    }

    /** Of one that did. */
    static PreflightReport of(Rehearsal rehearsal) {
        String to =
                rehearsal.envelope().forwardPaths().isEmpty()
                        ? "nobody"
                        : rehearsal.envelope().forwardPaths().getFirst().toDisplay();
        String message =
                "%d bytes from %s to %s, sent to this server itself."
                        .formatted(
                                rehearsal.bytes(),
                                rehearsal
                                        .envelope()
                                        .client()
                                        .reversePath()
                                        .map(Address::toDisplay)
                                        .orElse("<>"),
                                to);
        return of(
                message, Optional.of(Journey.of(rehearsal)), rehearsal.score(), rehearsal.notes());
    }

    private static PreflightReport of(
            String message, Optional<Journey> journey, Score score, List<String> notes) {
        return new PreflightReport(
                message,
                journey,
                score.text(),
                score.lost().stream()
                        .map(
                                it ->
                                        new Lost(
                                                it.rule(),
                                                Score.points(it.tenths()),
                                                it.what(),
                                                it.cure()))
                        .toList(),
                score.kept(),
                score.unknown().stream().map(it -> new Open(it.rule(), it.why())).toList(),
                score.skipped().stream().map(it -> new Open(it.rule(), it.why())).toList(),
                notes);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(message);
        journey.ifPresent(it -> it.addTo(lines));
        for (Lost it : lost) {
            lines.add("  -%s %s: %s".formatted(it.points, it.rule, it.what));
            lines.add("       Cure: " + it.cure + ".");
        }
        unknown.forEach(
                it -> lines.add("   ?   %s cannot be told now: %s".formatted(it.rule, it.why)));
        skipped.forEach(
                it -> lines.add("   -   %s is not looked at: %s".formatted(it.rule, it.why)));
        notes.forEach(it -> lines.add("Note: " + it));
        lines.add(
                "Score: "
                        + score
                        + " of 10"
                        + (unknown.isEmpty() ? "" : ", as far as can be told"));
        return lines;
    }

    @Override
    public boolean satisfied() {
        return lost.isEmpty();
    }
}
