package mansio.testkit.remote;

import java.util.List;

/**
 * What a {@link ScriptedServer} heard in one connection.
 *
 * @param commands lines, without CRLF
 * @param messages those whose end was seen, as they came: dots doubled after DATA, line ends kept;
 *     one character an octet
 * @param torn octets of a message whose end was not seen
 */
public record Heard(List<String> commands, List<String> messages, String torn) {
    public Heard {
        commands = List.copyOf(commands);
        messages = List.copyOf(messages);
    }

    /** The verbs only, in upper case. */
    public List<String> verbs() {
        return commands.stream()
                .map(line -> line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT))
                .toList();
    }
}
