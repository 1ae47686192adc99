package mansio.serve.smtpserver;

import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.QuotaCheck;
import mansio.serve.login.LogIns;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;

/** The rooms that a session asks. */
public final class Rooms {
    private final Directory directory;
    private final Authenticator authenticator;
    private final LogIns logIns;
    private final Intake intake;
    private final QuotaCheck quota;

    public Rooms(
            Directory directory, Authenticator authenticator, Inbound inbound, QuotaCheck quota) {
        this(directory, authenticator, Intake.of(inbound), quota);
    }

    Rooms(Directory directory, Authenticator authenticator, Intake intake, QuotaCheck quota) {
        this.directory = directory;
        this.authenticator = authenticator;
        this.logIns = new LogIns(authenticator, directory);
        this.intake = intake;
        this.quota = quota;
    }

    Directory directory() {
        return directory;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    LogIns logIns() {
        return logIns;
    }

    Intake intake() {
        return intake;
    }

    QuotaCheck quota() {
        return quota;
    }
}
