package mansio.serve.imapserver;

import mansio.serve.login.LogIns;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Directory;
import mansio.state.mailbox.Accounts;
import mansio.state.store.Blobs;

/**
 * The rooms that a session asks.
 *
 * @param blobs where the octets of APPEND go while they come
 */
public record Rooms(
        Directory directory, Authenticator authenticator, Accounts accounts, Blobs blobs) {
    LogIns logIns() {
        return new LogIns(authenticator, directory);
    }
}
