package mansio.app.main;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a command says when it could not be carried out: one clear sentence, and no stack unless it
 * is our bug.
 */
final class Failures {
    private Failures() {}

    static int handle(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof IOException) {
            err.println("mansio: " + failure.getMessage());
            return Main.EXIT_NO;
        }
        err.println("mansio: this is a fault in Mansio, please report it:");
        failure.printStackTrace(err);
        return Main.EXIT_NO;
    }
}
