package mansio.state.store;

/**
 * The store has stopped after a failed write, a crash or its closing: nobody can know whether what
 * was asked is durable. An Error and not an IOException, so that no caller turns it into a reply.
 */
public final class StoreStoppedError extends Error {
    private static final long serialVersionUID = 1;

    public StoreStoppedError(String message) {
        super(message);
    }
}
