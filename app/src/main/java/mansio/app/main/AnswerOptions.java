package mansio.app.main;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes that answers. */
class AnswerOptions {
    @Mixin DataOption data = new DataOption();

    @Option(names = "--json", description = "Answers in JSON, one object, for programs.")
    boolean json;
}
