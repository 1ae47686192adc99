package mansio.serve.inbound;

import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.Optional;

/** How mail goes on to other servers: in tests without signatures. */
interface Onward {
    /** Why what came so may not take this way; empty when it may. */
    Optional<String> objection(Transaction transaction, Route.Forward forward);

    /** To what an alias leads to, with a reverse-path that brings bounces back. */
    Action forward(Transaction transaction, Route.Forward forward) throws IOException;

    /** To a recipient of another server, as the client gave it. */
    Action relay(Transaction transaction, Route.Remote remote) throws IOException;

    /** Who keeps what was to go on and does not. */
    AccountId keeper(Route.Forward forward) throws IOException;
}
