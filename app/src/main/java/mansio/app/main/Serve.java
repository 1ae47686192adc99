package mansio.app.main;

import mansio.app.log.Logging;
import mansio.app.wiring.LocalMode;
import mansio.app.wiring.Machine;
import mansio.app.wiring.Server;
import mansio.app.wiring.ServerFacts;
import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.State;
import mansio.state.store.DiskSettings.Loss;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code mansio serve}: runs the server until it is stopped. */
@Command(name = "serve", description = "Runs the mail server.", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private DataOption data = new DataOption();

    // Absent: not a local server.
    @Option(
            names = "--local",
            paramLabel = "BASE",
            arity = "0..1",
            fallbackValue = "10000",
            description =
                    "Needs no configuration: everything on loopback, at BASE + the well-known port"
                            + " (default 10000).")
    private @Nullable Integer local;

    Serve(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.start("info");
        Machine machine = Machine.real();
        Path folder = data.folder();
        ServerFacts facts =
                LocalMode.facts(folder, local == null ? LocalMode.DEFAULT_BASE : local, machine);
        State state =
                new State(new State.Opening(facts, Loss.REFUSE, facts.trust().networks()), machine);
        Optional<String> password = LocalMode.prepare(state, folder, machine);
        Server server = new Server(facts, state, machine);
        greet(facts, password);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.close();
                                    Logging.stop();
                                }));
        stopped.await();
        return Main.EXIT_OK;
    }

    private void greet(ServerFacts facts, Optional<String> password) {
        PrintWriter out = terminal.out();
        out.println("Mansio is up. Everything is in " + facts.folder().toAbsolutePath() + ".");
        for (Door door : facts.doors()) {
            out.printf(
                    "  %-12s %s%n",
                    door.protocol().name().toLowerCase(java.util.Locale.ROOT), door.at());
        }
        out.println(
                "Log in as "
                        + LocalMode.ME
                        + "; the password is in "
                        + LocalMode.passwordFile(facts.folder())
                        + password.map(text -> " (" + text + ")").orElse(""));
        out.println("Ctrl-C stops it.");
        out.flush();
    }
}
