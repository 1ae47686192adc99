package mansio.app.main;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that asks something takes. */
final class AskOptions {
    @Mixin DataOption data = new DataOption();

    @Option(names = "--json", description = "Answers in JSON, one object, for programs.")
    boolean json;
}
