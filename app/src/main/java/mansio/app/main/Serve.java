package mansio.app.main;

import mansio.app.log.Logging;
import mansio.app.wiring.Administration;
import mansio.app.wiring.ConfiguredServer;
import mansio.app.wiring.Internet;
import mansio.app.wiring.LocalMode;
import mansio.app.wiring.LookUps;
import mansio.app.wiring.Machine;
import mansio.app.wiring.Server;
import mansio.app.wiring.ServerFacts;
import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.State;
import mansio.net.dns.Resolver;
import mansio.serve.admin.ControlServer;
import mansio.state.config.Config;
import mansio.state.config.ConfigException;
import mansio.state.config.ConfigFile;
import mansio.state.store.DiskSettings.Loss;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code mansio serve}: runs the server until it is stopped. */
@Command(name = "serve", description = "Runs the mail server.")
final class Serve implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private DataOption data = new DataOption();

    // Absent: the usual configuration file.
    @ArgGroup private @Nullable Kind kind;

    /** What kind of server. */
    static final class Kind {
        // Absent: not a local server.
        @Option(
                names = "--local",
                paramLabel = "BASE",
                arity = "0..1",
                fallbackValue = "10000",
                converter = BasePort.class,
                description =
                        "Needs no configuration: everything on loopback, at BASE + the well-known"
                                + " port (default 10000).")
        private @Nullable Integer local;

        // Absent: the usual place.
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The configuration (default: /etc/mansio/mansio.toml).")
        private @Nullable Path config;
    }

    /** Leaves room below the highest port, and above those that only root may use. */
    static final class BasePort implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (text.matches("\\d{4,5}")) {
                int base = Integer.parseInt(text);
                if (LocalMode.isBase(base)) return base;
            }
            throw new TypeConversionException("'" + text + "' is not between 1024 and 50000");
        }
    }

    Serve(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, ConfigException, InterruptedException {
        Machine machine = Machine.real();
        if (kind != null && kind.local != null) return local(kind.local, machine);
        Path file = kind != null && kind.config != null ? kind.config : ConfigPlace.USUAL;
        return configured(file, machine);
    }

    private int local(int base, Machine machine) throws IOException, InterruptedException {
        Logging.start("info");
        Path folder = data.folder();
        checkFolder(folder);
        ServerFacts facts = LocalMode.facts(folder, base, machine);
        State state = open(facts, LookUps.usual(machine), machine);
        Optional<String> password = LocalMode.prepare(state, folder, machine);
        return serve(
                facts,
                state,
                machine,
                () -> {
                    greet(facts);
                    terminal.out()
                            .println(
                                    "Log in as "
                                            + LocalMode.ME
                                            + "; the password is in "
                                            + LocalMode.passwordFile(folder)
                                            + password.map(text -> " (" + text + ")").orElse(""));
                    terminal.out()
                            .println(
                                    "A first mail, from another terminal: mansio send --to "
                                            + LocalMode.ME);
                    terminal.out().println("Ctrl-C stops it.");
                });
    }

    private int configured(Path file, Machine machine)
            throws IOException, ConfigException, InterruptedException {
        if (!Files.exists(file)) {
            throw new NeedsAdministrator(
                    "there is no configuration "
                            + file
                            + "; name one with --config, make one with mansio quickstart, or try"
                            + " mansio serve --local");
        }
        Config config = ConfigFile.load(file);
        if (Ownership.isRoot()) {
            throw new NeedsAdministrator(
                    "serving as root is not safe: run it as a user of its own, with the capability"
                            + " CAP_NET_BIND_SERVICE for the ports below 1024");
        }
        Logging.start(config.logLevel().name().toLowerCase(Locale.ROOT));
        Path folder = data.given().or(config::data).orElseGet(data::folder);
        checkFolder(folder);
        ServerFacts facts = ConfiguredServer.facts(config, folder, machine);
        Resolver resolver = LookUps.resolver(config.dns(), machine);
        return serve(facts, open(facts, resolver, machine), machine, () -> greet(facts));
    }

    /** Before anything is made in it. */
    private static void checkFolder(Path folder) throws IOException {
        Ownership.check(folder);
        ControlServer.at(folder);
    }

    private static State open(ServerFacts facts, Resolver resolver, Machine machine)
            throws IOException {
        return new State(
                new State.Opening(
                        facts,
                        Loss.REFUSE,
                        facts.trust().networks(),
                        Optional.of(Internet.real(resolver, machine))),
                machine);
    }

    /** Serves until a signal or {@code mansio stop} ends it. */
    private static int serve(ServerFacts facts, State state, Machine machine, Runnable up)
            throws IOException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Server server = new Server(facts, state, machine);
        Administration administration =
                Administration.open(facts, state, server, machine, stopped::countDown);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    administration.close();
                                    server.close();
                                    Logging.stop();
                                }));
        up.run();
        stopped.await();
        return Main.EXIT_OK;
    }

    private void greet(ServerFacts facts) {
        PrintWriter out = terminal.out();
        out.println("Mansio is up. Its data folder is " + facts.folder().toAbsolutePath() + ".");
        for (Door door : facts.doors()) {
            out.printf("  %-12s %s%n", door.protocol().name().toLowerCase(Locale.ROOT), door.at());
        }
    }
}
