package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs commands as an ordinary user would, with nobody at the terminal. */
record CommandRunner(Path data) {
    /** How a command went. */
    record Ran(int code, String out, String err) {}

    Ran run(String... words) {
        return typing("", words);
    }

    /** With something on standard input. */
    Ran typing(String in, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return execute(in, _ -> Optional.empty(), all);
    }

    /** As root or not, for the user that will serve. */
    Ran as(ServiceUser.Choice users, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return execute("", users, all);
    }

    /** Not told where the data is. */
    static Ran bare(String... words) {
        return execute("", _ -> Optional.empty(), List.of(words));
    }

    private static Ran execute(String in, ServiceUser.Choice users, List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        _ -> Optional.empty());
        int code = Main.commandLine(terminal, users).execute(words.toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("\tat ");
        return new Ran(code, out.toString(), err.toString());
    }
}
