package mansio.serve.inbound;

import mansio.state.queue.QueueId;

import java.util.List;
import java.util.Optional;

/** How the taking in of a message ended. */
public sealed interface Outcome {
    /**
     * The queue has it, synced: answer 250 with the id.
     *
     * @param refused for LMTP, one for each recipient of the transaction in its order: empty where
     *     it was accepted. SMTP clients are told nothing of it; what was refused for some
     *     recipients is kept in quarantine for them.
     */
    record Accepted(QueueId id, List<Optional<Refusal>> refused) implements Outcome {
        public Accepted {
            refused = List.copyOf(refused);
        }
    }

    /** Nobody gets it and nothing was kept. */
    record Refused(Refusal refusal) implements Outcome {}
}
