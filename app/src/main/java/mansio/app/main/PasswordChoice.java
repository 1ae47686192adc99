package mansio.app.main;

import mansio.serve.admin.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a password comes from; never from the arguments, which every user of the host can see. */
final class PasswordChoice {
    private static final int MAX_BYTES = 4_096;

    @Option(
            names = "--password-stdin",
            description = "Reads the password from standard input, to the end of the line.")
    private boolean stdin;

    @Option(names = "--generate", description = "Makes a password and prints it, once.")
    private boolean generate;

    /**
     * Reads it, or asks for it when neither option is given.
     *
     * @return empty: one is to be made
     */
    static Optional<Secret> read(@Nullable PasswordChoice choice, Terminal terminal)
            throws IOException {
        if (choice != null && choice.generate) return Optional.empty();
        if (choice != null && choice.stdin) return Optional.of(line(terminal.in()));
        Optional<String> typed = terminal.prompt().hidden("Password: ");
        Optional<String> again = typed.flatMap(_ -> terminal.prompt().hidden("Again: "));
        if (typed.isEmpty() || again.isEmpty()) {
            throw new IOException(
                    "there is no terminal to ask for the password; use --password-stdin or"
                            + " --generate");
        }
        if (!typed.get().equals(again.get())) throw new IOException("the two are not the same");
        return Optional.of(new Secret(typed.get()));
    }

    /** The first line. */
    static Secret line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int octet;
        while ((octet = in.read()) >= 0 && octet != '\n') {
            bytes.write(octet);
            if (bytes.size() > MAX_BYTES) throw new IOException("the password is too long");
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        if (text.endsWith("\r")) text = text.substring(0, text.length() - 1);
        if (text.isEmpty()) throw new IOException("there is no password on standard input");
        return new Secret(text);
    }
}
