package mansio.net.listen;

import java.io.IOException;

/**
 * No more input will be read from a connection, though the peer is still there. After a failed read
 * a session may set a new, short deadline and write a farewell.
 */
public final class ConnectionEnding extends IOException {
    private static final long serialVersionUID = 1L;

    /** What ended it. */
    public enum Why {
        /** The deadline has passed: the peer was too slow. */
        DEADLINE,
        /** The listener stops, and the session was between commands. */
        STOPPING
    }

    private final Why why;

    public ConnectionEnding(Why why) {
        super(
                switch (why) {
                    case DEADLINE -> "the deadline has passed";
                    case STOPPING -> "the server is stopping";
                });
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
