package mansio.state.store;

import java.io.IOException;

/** Another process works in the data folder; its message names it. The same may work later. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1;

    FolderInUseException(String message) {
        super(message);
    }
}
