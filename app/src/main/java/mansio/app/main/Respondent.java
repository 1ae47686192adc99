package mansio.app.main;

import mansio.serve.admin.Answer;
import mansio.serve.admin.ControlClient;
import mansio.serve.admin.Operation;
import mansio.serve.admin.Rooms;
import mansio.state.directory.Outcome;

import java.io.IOException;

/** Who does what a command asks for. */
sealed interface Respondent {
    <A extends Answer> Outcome<A> ask(Operation<A> operation) throws IOException;

    /** The server that runs on the data folder. */
    record RunningServer(ControlClient client) implements Respondent {
        @Override
        public <A extends Answer> Outcome<A> ask(Operation<A> operation) throws IOException {
            return client.ask(operation);
        }
    }

    /** This process, on the store that it opened itself. */
    record ThisProcess(Rooms rooms) implements Respondent {
        @Override
        public <A extends Answer> Outcome<A> ask(Operation<A> operation) throws IOException {
            return operation.run(rooms);
        }
    }
}
