package mansio.app.main;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a command reads and writes; a test brings its own. What is written is cleaned ({@link
 * CleanWriter}).
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, Prompt prompt) {
    Terminal {
        out = new PrintWriter(new CleanWriter(out), true);
        err = new PrintWriter(new CleanWriter(err), true);
    }

    /** Asks a person. */
    @FunctionalInterface
    interface Prompt {
        /** What was typed, without echo; empty when there is nobody to ask. */
        Optional<String> hidden(String label);
    }

    /** The process's own, in UTF-8. */
    static Terminal real() {
        return new Terminal(
                System.in,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                Terminal::ask);
    }

    private static Optional<String> ask(String label) {
        // Since JDK 22 never null.
        Console console = Objects.requireNonNull(System.console());
        if (!console.isTerminal()) return Optional.empty();
        char[] typed = console.readPassword("%s", label);
        return typed == null ? Optional.empty() : Optional.of(new String(typed));
    }
}
