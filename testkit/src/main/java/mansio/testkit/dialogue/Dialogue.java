package mansio.testkit.dialogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A conversation as a text file in UTF-8:
 *
 * <pre>
 * # a comment, and empty lines, are left out
 * S: * OK ready                what the server says, octet for octet
 * C: A1 NOOP                   what the client sends; CRLF is added
 * S: *~ \* \d+ EXISTS          what the server says, as a regular expression
 * S: *...                      any lines, up to the one that follows
 * C2: A1 NOOP                  the same with a second connection; C and S mean the first
 * ! tls                        an action of the player, or of the test that plays
 * </pre>
 *
 * <p>Within a line <code>{{NAME}}</code> stands for a value that the test gave.
 */
public final class Dialogue {
    private static final Pattern SPOKEN = Pattern.compile("([CS])(\\d?):(?: (.*))?");

    private final String name;
    private final List<Step> steps;

    private Dialogue(String name, List<Step> steps) {
        this.name = name;
        this.steps = steps;
    }

    /** One line of the file. */
    sealed interface Step {
        int line();

        record Send(int line, int peer, String text) implements Step {}

        record Expect(int line, int peer, String text) implements Step {}

        record ExpectPattern(int line, int peer, Pattern pattern) implements Step {}

        record SkipTo(int line, int peer) implements Step {}

        record Act(int line, String action) implements Step {}
    }

    public String name() {
        return name;
    }

    List<Step> steps() {
        return steps;
    }

    /** Reads a dialogue that lies beside {@code owner} in its resources. */
    public static Dialogue load(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a dialogue. */
    public static Dialogue parse(String name, String text) {
        List<Step> steps = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            steps.add(step(name, i + 1, line));
        }
        return new Dialogue(name, List.copyOf(steps));
    }

    private static Step step(String name, int number, String line) {
        if (line.startsWith("! ")) {
            return new Step.Act(number, line.substring(2).strip());
        }
        var spoken = SPOKEN.matcher(line);
        if (!spoken.matches()) {
            throw new IllegalArgumentException(name + ":" + number + ": " + line);
        }
        int peer = spoken.group(2).isEmpty() ? 1 : Integer.parseInt(spoken.group(2));
        String text = spoken.group(3) == null ? "" : spoken.group(3);
        if (spoken.group(1).equals("C")) {
            return new Step.Send(number, peer, text);
        }
        if (text.equals("*...")) {
            return new Step.SkipTo(number, peer);
        }
        return text.startsWith("*~ ")
                ? new Step.ExpectPattern(number, peer, Pattern.compile(text.substring(3)))
                : new Step.Expect(number, peer, text);
    }
}
