package mansio.serve.imapserver;

import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.sasl.Mechanism;
import mansio.serve.login.LogIns;
import mansio.state.directory.Account;

import java.io.IOException;
import java.util.List;

/** What LOGIN and AUTHENTICATE share: who may, and how it ends. */
final class LogIn {
    private LogIn() {}

    /** The mechanisms that would be accepted now: RFC 9051 section 6.2.2. */
    static List<Mechanism> offered(SessionState session) throws IOException {
        return allowed(session) ? session.rooms().logIns().offered(session.tls()) : List.of();
    }

    /** Nobody logs in over a channel that others can read, unless the settings say so. */
    static boolean allowed(SessionState session) {
        return session.tls().isPresent() || session.settings().plainLogin().test(session.peer());
    }

    static LogIns.Client client(SessionState session) {
        return new LogIns.Client(session.network(), session.tls());
    }

    /** The end of an attempt. */
    static Reply reply(Call call, LogIns.Result result) throws IOException {
        return switch (result) {
            case LogIns.Result.LoggedIn(Account account) -> enter(call, account);
            case LogIns.Result.Failed(LogIns.Cause cause) ->
                    switch (cause) {
                        case MALFORMED -> Replies.AUTH_MALFORMED;
                        case CREDENTIALS -> Replies.BAD_CREDENTIALS;
                        case NOT_YOURS -> Replies.NOT_YOURS;
                        case CHANNEL_BINDING -> Replies.CHANNEL_BINDING_FAILED;
                        case LOCKED -> Replies.TOO_MANY_LOGINS;
                    };
        };
    }

    private static Reply enter(Call call, Account account) throws IOException {
        SessionState session = call.session();
        if (!session.mayEnter(account)) {
            return Replies.TOO_MANY_SESSIONS;
        }
        session.logIn(account);
        call.wire().loggedIn();
        return Reply.ok(new ResponseCode.Capability(Capabilities.of(session)), "Logged in");
    }
}
