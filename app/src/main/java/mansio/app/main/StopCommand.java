package mansio.app.main;

import mansio.serve.admin.Stop;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code mansio stop}: returns when the server has ended. */
@Command(name = "stop", description = "Stops the running server and waits for its end.")
final class StopCommand implements Callable<Integer> {
    /** Sessions have 5 seconds; writing out what is buffered takes some more. */
    private static final int PATIENCE_SECONDS = 60;

    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    StopCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Outcome<Stop.Stopping> outcome =
                desk.outcome(
                        options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(new Stop()));
        if (outcome instanceof Outcome.Done<Stop.Stopping>(Stop.Stopping stopping)
                && !hasEnded(stopping.pid())) {
            throw new NotNow(
                    new IOException("the server (pid %d) still stops".formatted(stopping.pid())));
        }
        return desk.print(options, outcome);
    }

    private static boolean hasEnded(long pid) throws InterruptedException {
        Optional<ProcessHandle> server = ProcessHandle.of(pid);
        if (server.isEmpty() || pid == ProcessHandle.current().pid()) return true;
        try {
            server.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
