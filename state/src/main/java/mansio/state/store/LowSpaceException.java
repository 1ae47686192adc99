package mansio.state.store;

import java.io.IOException;

/**
 * There is no room to keep more. A temporary answer for the peer: 452 in SMTP, NO [LIMIT] in IMAP.
 */
public final class LowSpaceException extends IOException {
    private static final long serialVersionUID = 1;

    public LowSpaceException(String message) {
        super(message);
    }
}
