package mansio.app.main;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of the program. */
@Command(
        name = "mansio",
        description = "A complete mail server in one program.",
        mixinStandardHelpOptions = true,
        version = "mansio 0.1.0",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    /** Done. */
    static final int EXIT_OK = 0;

    /** The answer is no, or it failed. */
    static final int EXIT_NO = 1;

    /** It cannot be told or done now; the same command may work later. */
    static final int EXIT_LATER = 75;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 done, 1 the answer is no or it
     * failed, 2 usage, 75 try again later.
     */
    public static void main(String[] args) {
        System.exit(commandLine(Terminal.real()).execute(args));
    }

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Main())
                .addSubcommand(new Serve(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Failures::handle);
    }
}
