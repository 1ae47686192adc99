package mansio.serve.preflight;

import mansio.codec.message.MessageParser;
import mansio.serve.checks.Findings;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How good a message is, of ten.
 *
 * @param tenths 0 to 100
 * @param lost a line for each rule that took points, the dearest first
 * @param kept names of the rules that took none
 * @param unknown rules of which nobody can tell now; they take no points
 * @param skipped rules that had nothing to look at
 * @param notes what receivers want besides, and no message shows
 */
public record Score(
        int tenths,
        List<Lost> lost,
        List<String> kept,
        List<Open> unknown,
        List<Open> skipped,
        List<String> notes) {
    /** Nothing is wrong. */
    public static final int FULL = 100;

    private static final List<Rule> RULES =
            Stream.of(SenderRules.ALL, FormatRules.ALL, ProviderRules.ALL)
                    .flatMap(List::stream)
                    .toList();

    /**
     * A rule that took points.
     *
     * @param what is wrong
     * @param cure what to do about it
     */
    public record Lost(String rule, int tenths, String what, String cure) {}

    /**
     * A rule that says nothing.
     *
     * @param why in words
     */
    public record Open(String rule, String why) {}

    public Score {
        lost = List.copyOf(lost);
        kept = List.copyOf(kept);
        unknown = List.copyOf(unknown);
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }

    /** Looks at a message by all rules. Pure. */
    public static Score of(Arrived message) {
        return of(message, RULES);
    }

    private static Score of(Arrived message, List<Rule> rules) {
        List<Lost> lost = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<Open> unknown = new ArrayList<>();
        List<Open> skipped = new ArrayList<>();
        for (Rule rule : rules) {
            switch (rule.test().look(message)) {
                case Finding.Good() -> kept.add(rule.name());
                case Finding.Fault(String what) ->
                        lost.add(new Lost(rule.name(), rule.tenths(), what, rule.cure()));
                case Finding.Unknown(String why) -> unknown.add(new Open(rule.name(), why));
                case Finding.Skipped(String why) -> skipped.add(new Open(rule.name(), why));
            }
        }
        lost.sort((a, b) -> Integer.compare(b.tenths(), a.tenths()));
        int sum = lost.stream().mapToInt(Lost::tenths).sum();
        return new Score(
                Math.max(0, FULL - sum),
                lost,
                kept,
                unknown,
                skipped,
                ProviderRules.notes(message));
    }

    /**
     * The score of who sends and how, whatever the message says. Pure.
     *
     * @param tls protocol and cipher; empty when it came in the clear
     */
    public static Score ofSender(Findings findings, Optional<String> tls) {
        Arrived nothing =
                new Arrived(
                        new byte[0],
                        MessageParser.parse(new byte[0]),
                        findings,
                        Instant.EPOCH,
                        Optional.of(new Arrived.Journey(tls)));
        return of(nothing, SenderRules.ALL);
    }

    /** Such as {@code 8.5}. */
    public String text() {
        return points(tenths);
    }

    /** Tenths as a number with one place. */
    public static String points(int tenths) {
        return String.format(Locale.ROOT, "%d.%d", tenths / 10, tenths % 10);
    }

    /** All rules, for the documentation and its test. */
    static List<Rule> rules() {
        return RULES;
    }
}
