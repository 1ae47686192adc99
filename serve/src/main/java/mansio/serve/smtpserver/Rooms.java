package mansio.serve.smtpserver;

import mansio.serve.inbound.Inbound;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;

/** The rooms that a session asks. */
public record Rooms(Directory directory, Authenticator authenticator, Inbound inbound) {}
