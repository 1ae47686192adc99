package mansio.app.main;

import java.io.IOException;

/** It cannot be told or done now; the same command may work later. */
final class NotNow extends IOException {
    private static final long serialVersionUID = 1;

    NotNow(IOException cause) {
        super(cause);
    }
}
