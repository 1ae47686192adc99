package mansio.app.main;

/** The entry of the program. */
public final class Main {
    /** The exit code of a wrong command line. */
    private static final int EXIT_USAGE = 2;

    private Main() {}

    /**
     * Runs one command of the command line and ends the process with its exit code: 0 done, 1 the
     * answer is no or it failed, 2 usage, 75 try again later.
     */
    public static void main(String[] args) {
        System.err.println("Usage: mansio COMMAND [OPTION...]");
        System.exit(EXIT_USAGE);
    }
}
