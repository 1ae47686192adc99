package mansio.app.main;

import mansio.state.config.ConfigException;
import mansio.state.store.FolderInUseException;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * What a command says when it could not be carried out: one clear sentence, and no stack unless it
 * is our bug.
 */
final class Failures {
    private Failures() {}

    static int handle(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof NotNow later && later.getCause() instanceof IOException cause) {
            err.println("mansio: " + sentence(cause));
            return Main.EXIT_LATER;
        }
        if (failure instanceof FolderInUseException busy) {
            err.println("mansio: " + busy.getMessage());
            return Main.EXIT_LATER;
        }
        if (failure instanceof ConfigException mistakes) {
            err.println(mistakes.getMessage());
            return Main.EXIT_USAGE;
        }
        if (failure instanceof NeedsAdministrator wrong) {
            err.println("mansio: " + wrong.getMessage());
            return Main.EXIT_USAGE;
        }
        if (failure instanceof IOException problem) {
            err.println("mansio: " + sentence(problem));
            return Main.EXIT_NO;
        }
        err.println("mansio: this is a fault in Mansio, please report it:");
        failure.printStackTrace(err);
        return Main.EXIT_NO;
    }

    /** The platform's own exceptions about files say no more than the file's name. */
    private static String sentence(IOException problem) {
        return switch (problem) {
            case NoSuchFileException missing -> "there is no file " + missing.getFile();
            case AccessDeniedException denied -> denied.getFile() + " may not be read or written";
            default ->
                    problem.getMessage() == null ? "it failed: " + problem : problem.getMessage();
        };
    }
}
