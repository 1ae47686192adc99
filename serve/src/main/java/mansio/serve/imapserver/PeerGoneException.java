package mansio.serve.imapserver;

import java.io.IOException;

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

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
