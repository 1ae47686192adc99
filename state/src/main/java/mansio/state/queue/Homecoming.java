package mansio.state.queue;

import mansio.codec.text.Domain;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;

import java.io.IOException;
import java.util.List;

/**
 * Takes in mail that waits to leave for a domain which has become ours since. Safe for use by any
 * thread.
 */
public interface Homecoming {
    /** Nothing ever becomes ours. */
    Homecoming NEVER =
            new Homecoming() {
                @Override
                public boolean isOurs(Domain domain) {
                    return false;
                }

                @Override
                public List<Result> arrive(Dispatch dispatch) {
                    throw new IllegalStateException("nothing is ours");
                }
            };

    /**
     * True when mail for the domain ends here. From memory only.
     *
     * @throws IOException when it cannot tell: nothing is decided then
     */
    boolean isOurs(Domain domain) throws IOException;

    /**
     * Decides about a message as if it came in now. Nothing is written: whoever asks makes it
     * durable, the message that goes on and the end of the one that waited in one batch.
     *
     * @return for each recipient of the dispatch, in its order: {@link Result.GoesOn}, with at most
     *     {@link QueueEntry#MAX_RECIPIENTS} in all; or a failure, or for later
     * @throws IOException when it cannot tell: later
     */
    List<Result> arrive(Dispatch dispatch) throws IOException;
}
