package mansio.serve.smtpserver;

import mansio.serve.inbound.Inbound;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;

/** The rooms that a session asks. */
public final class Rooms {
    private final Directory directory;
    private final Authenticator authenticator;
    private final Intake intake;

    public Rooms(Directory directory, Authenticator authenticator, Inbound inbound) {
        this(directory, authenticator, Intake.of(inbound));
    }

    Rooms(Directory directory, Authenticator authenticator, Intake intake) {
        this.directory = directory;
        this.authenticator = authenticator;
        this.intake = intake;
    }

    Directory directory() {
        return directory;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Intake intake() {
        return intake;
    }
}
