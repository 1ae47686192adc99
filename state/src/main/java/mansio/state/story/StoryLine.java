package mansio.state.story;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.time.Instant;

/**
 * One step in the life of a message.
 *
 * @param at when
 * @param step what was done: {@code received}, {@code judged}, {@code delivered}
 * @param outcome how it ended, in a word or two: {@code accepted}, {@code deferred}
 * @param reason why, and the facts a person would ask for; one line, cleaned, at most {@link
 *     #MAX_REASON} characters
 */
public record StoryLine(Instant at, String step, String outcome, String reason) {
    /** Characters of a reason; longer ones are cut. */
    public static final int MAX_REASON = 500;

    public StoryLine {
        reason = clean(reason);
    }

    /** Text from outside never breaks the line or the terminal. */
    private static String clean(String text) {
        String cut = text.length() > MAX_REASON ? text.substring(0, MAX_REASON) + "…" : text;
        StringBuilder clean = null;
        for (int i = 0; i < cut.length(); i++) {
            if (Character.isISOControl(cut.charAt(i))) {
                if (clean == null) clean = new StringBuilder(cut);
                clean.setCharAt(i, ' ');
            }
        }
        return clean == null ? cut : clean.toString();
    }

    /** Stores the line. */
    public void writeTo(ValueWriter out) {
        out.instant(at).text(step).text(outcome).text(reason);
    }

    /** Reads what {@link #writeTo} wrote. */
    public static StoryLine readFrom(ValueReader in) {
        return new StoryLine(in.instant(), in.text(), in.text(), in.text());
    }
}
