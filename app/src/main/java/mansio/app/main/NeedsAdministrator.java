package mansio.app.main;

import java.io.IOException;

/** The server cannot start before somebody changes how it is set up: trying again is no use. */
final class NeedsAdministrator extends IOException {
    private static final long serialVersionUID = 1;

    NeedsAdministrator(String sentence) {
        super(sentence);
    }
}
