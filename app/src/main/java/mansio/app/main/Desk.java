package mansio.app.main;

import mansio.app.log.Visible;
import mansio.app.wiring.Administration;
import mansio.app.wiring.Machine;
import mansio.app.wiring.Offline;
import mansio.app.wiring.State;
import mansio.net.listen.Sockets;
import mansio.serve.admin.Answer;
import mansio.serve.admin.ControlClient;
import mansio.serve.admin.ControlServer;
import mansio.serve.admin.Json;
import mansio.serve.admin.Operation;
import mansio.state.config.Config;
import mansio.state.directory.Outcome;
import mansio.state.store.DiskSettings.Loss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings a command's questions to the running server, or opens the store and answers them here, and
 * prints what comes of it.
 */
final class Desk {
    private final Terminal terminal;

    Desk(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    /** What a command wants to know. */
    @FunctionalInterface
    interface Question<A extends Answer> {
        /** Asks once or several times. An IOException says that it cannot be told now. */
        Outcome<A> ask(Respondent respondent) throws IOException;
    }

    /**
     * Whom to ask.
     *
     * @param config read only when no server runs on the folder: one that does has its own
     */
    record Place(Path folder, Configured config) {}

    /** Reads the configuration, if there is one. */
    @FunctionalInterface
    interface Configured {
        Optional<Config> read() throws IOException;
    }

    /** How the store is opened when no server runs. */
    enum Opening {
        /** It must be there. */
        AS_IT_IS,
        /** It is made when there is none. */
        MADE_IF_MISSING,
        /** It must be there, and may lack what had been durable. */
        WITH_LOSS
    }

    /** Asks one thing, and prints the answer. */
    <A extends Answer> int ask(AskOptions options, Operation<A> operation) throws IOException {
        return ask(options, respondent -> respondent.ask(operation));
    }

    /** Asks, and prints the answer. */
    <A extends Answer> int ask(AskOptions options, Question<A> question) throws IOException {
        return print(options, outcome(options, Opening.AS_IT_IS, question));
    }

    /** Asks, and prints nothing. */
    <A extends Answer> Outcome<A> outcome(AskOptions options, Opening opening, Question<A> question)
            throws IOException {
        return outcome(new Place(options.folder(), options::config), opening, question);
    }

    /** Asks where no options say where, and prints nothing. */
    <A extends Answer> Outcome<A> outcome(Place place, Opening opening, Question<A> question)
            throws IOException {
        Path folder = place.folder();
        Machine machine = Machine.real();
        try (Sockets sockets = Sockets.start(machine.time(), machine.threads(), machine.random())) {
            Optional<ControlClient> client = ControlClient.connect(folder, sockets, machine.time());
            if (client.isEmpty()) return atTheStore(place, opening, question);
            try (ControlClient server = client.get()) {
                if (opening == Opening.WITH_LOSS) {
                    throw new IOException(
                            "the server runs, so nothing is missing; --accept-loss is for one that"
                                    + " refuses to start");
                }
                return asked(question, new Respondent.RunningServer(server));
            }
        }
    }

    private static <A extends Answer> Outcome<A> atTheStore(
            Place place, Opening opening, Question<A> question) throws IOException {
        Path folder = place.folder();
        if (opening != Opening.MADE_IF_MISSING && !Files.exists(folder.resolve("format"))) {
            throw new IOException(
                    "there is no data folder of a mansio at "
                            + folder.toAbsolutePath()
                            + "; name it with --data, or begin with mansio quickstart");
        }
        Ownership.check(folder);
        if (opening == Opening.MADE_IF_MISSING) ControlServer.at(folder);
        Machine machine = Machine.real();
        Loss loss = opening == Opening.WITH_LOSS ? Loss.ACCEPT : Loss.REFUSE;
        Optional<Config> config = place.config().read();
        try (State state = Offline.open(new Offline.Opening(folder, config, loss), machine)) {
            return asked(
                    question,
                    new Respondent.ThisProcess(
                            Administration.rooms(
                                    state,
                                    Administration.site(folder, Optional.empty()),
                                    machine)));
        }
    }

    private static <A extends Answer> Outcome<A> asked(Question<A> question, Respondent respondent)
            throws IOException {
        try {
            return question.ask(respondent);
        } catch (IOException e) {
            throw new NotNow(e);
        }
    }

    /** Prints an answer, and gives the exit code that says the same. */
    <A extends Answer> int print(AnswerOptions options, Outcome<A> outcome) {
        if (options.json) terminal.out().println(Json.write(outcome));
        return switch (outcome) {
            case Outcome.Done<A>(A answer) -> {
                if (!options.json) print(answer);
                yield answer.satisfied() ? Main.EXIT_OK : Main.EXIT_NO;
            }
            case Outcome.Refused<A>(Outcome.Problem _, String sentence) -> {
                if (!options.json) terminal.err().println("mansio: " + Visible.line(sentence));
                yield Main.EXIT_NO;
            }
        };
    }

    private void print(Answer answer) {
        answer.lines().forEach(line -> terminal.out().println(Visible.line(line)));
    }
}
