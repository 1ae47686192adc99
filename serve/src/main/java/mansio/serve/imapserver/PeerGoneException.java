package mansio.serve.imapserver;

import mansio.net.listen.ConnectionEnding;

import java.io.IOException;
import java.util.Optional;

/**
 * The connection failed, not a room of ours: there is nobody to send a reply to. Carries no stack
 * trace; it happens all day.
 */
final class PeerGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    PeerGoneException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    PeerGoneException(String message) {
        super(message);
    }

    /** Why we read no more of a peer that is still there. */
    Optional<ConnectionEnding.Why> ending() {
        return getCause() instanceof ConnectionEnding ending
                ? Optional.of(ending.why())
                : Optional.empty();
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
