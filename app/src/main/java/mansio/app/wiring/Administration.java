package mansio.app.wiring;

import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Sockets;
import mansio.serve.admin.ControlServer;
import mansio.serve.admin.Rooms;
import mansio.serve.admin.RunningServer;
import mansio.serve.rehearsal.Rehearser;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.PasswdImport;
import mansio.state.mailbox.AccountVerifier;
import mansio.state.password.SchemeParser;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The admin room of a running server, behind the control socket of its data folder. */
public final class Administration implements AutoCloseable {
    /** Of this program. */
    public static final String VERSION = "0.1.0";

    private static final Logger log = LoggerFactory.getLogger(Administration.class);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Sockets sockets;
    private final Optional<Listener> listener;

    private Administration(Sockets sockets, Optional<Listener> listener) {
        this.sockets = sockets;
        this.listener = listener;
    }

    /**
     * Takes commands from now on. A server whose socket cannot be had serves mail all the same.
     *
     * @param stop begins to stop the server, and returns at once
     */
    public static Administration open(
            ServerFacts facts, State state, Server server, Machine machine, Runnable stop) {
        Sockets sockets = Sockets.start(machine.time(), machine.threads(), machine.random());
        RunningServer running = new Running(facts, server, machine.time().now(), stop);
        Rooms rooms = rooms(state, site(facts.folder(), Optional.of(running)), machine);
        try {
            Listening listening =
                    new Listening(
                            "control",
                            ControlServer.at(facts.folder()),
                            new Listening.Tls.None(),
                            new Listening.Limits(
                                    ControlServer.MAX_CONNECTIONS,
                                    ControlServer.MAX_CONNECTIONS,
                                    ""));
            return new Administration(
                    sockets,
                    Optional.of(
                            Listener.open(
                                    listening,
                                    new ControlServer(rooms, sockets.buffers()),
                                    new Listener.Around(sockets, machine.threads()))));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("commands cannot reach this server");
            return new Administration(sockets, Optional.empty());
        }
    }

    /** What is installed here. */
    public static Rooms.Site site(Path folder, Optional<RunningServer> server) {
        return new Rooms.Site(VERSION, folder, server);
    }

    /** What the operations work on. */
    public static Rooms rooms(State state, Rooms.Site site, Machine machine) {
        PasswdImport passwdImport =
                new PasswdImport(
                        state.directory(), state.editor(), new SchemeParser(machine.random()));
        return new Rooms(
                site,
                Presences.of(state.facts()),
                new Rooms.Names(
                        state.directory(),
                        state.editor(),
                        new AliasEditor(state.directory()),
                        passwdImport),
                new Rooms.Signing(state.keys(), state.keyRounds()),
                new Rooms.Ways(state.routes(), state.detours(), state.rewrites(), state.outbound()),
                new Rooms.Mail(
                        state.store(),
                        state.accounts(),
                        state.queue(),
                        state.stories(),
                        state.reports().received(),
                        List.of(new AccountVerifier())),
                machine.time(),
                machine.random());
    }

    /** Takes no commands any more. */
    @Override
    public void close() {
        listener.ifPresent(open -> open.stop(GRACE));
        sockets.close();
    }

    private record Running(ServerFacts facts, Server server, Instant since, Runnable stopping)
            implements RunningServer {
        @Override
        public List<Door> doors() {
            return facts.doors().stream()
                    .map(
                            door ->
                                    new Door(
                                            door.protocol().name().toLowerCase(Locale.ROOT),
                                            door.at().toString()))
                    .toList();
        }

        @Override
        public int openConnections() {
            return server.openConnections();
        }

        @Override
        public Optional<Rehearser> rehearser() {
            return server.rehearser();
        }

        @Override
        public void stop() {
            stopping.run();
        }
    }
}
