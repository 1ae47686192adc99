package mansio.app.main;

import mansio.serve.admin.Trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code mansio trace}. */
@Command(name = "trace", description = "Tells what happened to a message, step by step.")
final class TraceCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    @Parameters(
            paramLabel = "ID|MESSAGE-ID|ADDRESS",
            description = "A queue id, a Message-ID, or the address of a sender or recipient.")
    private String term = "";

    TraceCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        return desk.ask(options, new Trace(term));
    }
}
