package mansio.testkit.remote;

import java.time.Duration;

/** What a {@link ScriptedServer} does at a moment. */
public sealed interface Act {
    /** Says these lines; each gets its CRLF. */
    record Say(String lines) implements Act {}

    /** Says these lines, none perhaps, and closes the connection. */
    record Close(String lines) implements Act {}

    /** Says nothing any more, and waits until the client has gone. */
    record Silence() implements Act {}

    /** Says these lines an octet at a time. */
    record Drip(Duration pause, String lines) implements Act {}

    /** Sends a line of so many octets, again and again, until nobody reads. */
    record Flood(String line) implements Act {}

    /**
     * Reads an act:
     *
     * <pre>
     * 250 ok               lines, parted by "|"
     * 421 bye (close)      and then the end
     * (close)
     * (silence)
     * (drip 20s) 250 ok    a pause after each octet
     * (flood) 250-more     without end
     * </pre>
     *
     * @throws IllegalArgumentException when the pause is no number
     */
    static Act parse(String text) {
        if (text.equals("(silence)")) {
            return new Silence();
        }
        if (text.endsWith("(close)")) {
            return new Close(lines(text.substring(0, text.length() - "(close)".length())));
        }
        if (text.startsWith("(flood) ")) {
            return new Flood(lines(text.substring("(flood) ".length())));
        }
        if (text.startsWith("(drip ")) {
            int end = text.indexOf("s)");
            long seconds = Long.parseLong(text.substring("(drip ".length(), end));
            return new Drip(Duration.ofSeconds(seconds), lines(text.substring(end + 2)));
        }
        return new Say(lines(text));
    }

    private static String lines(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? "" : stripped.replace("|", "\r\n") + "\r\n";
    }
}
