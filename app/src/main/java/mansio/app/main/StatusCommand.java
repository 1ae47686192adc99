package mansio.app.main;

import mansio.serve.admin.Status;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code mansio status}. */
@Command(name = "status", description = "Tells how the server does.")
final class StatusCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    StatusCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        return desk.ask(options, new Status());
    }
}
