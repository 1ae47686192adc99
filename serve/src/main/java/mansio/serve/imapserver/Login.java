package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;

import java.io.IOException;
import java.util.Optional;

/** LOGIN: RFC 9051 section 6.2.3. */
final class Login {
    private Login() {}

    static Reply handle(Call call, Command.Login login) throws IOException {
        SessionState session = call.session();
        if (!LogIn.allowed(session)) {
            return Replies.NEED_TLS;
        }
        return LogIn.result(
                call,
                session.rooms()
                        .authenticator()
                        .password(login.userName(), login.password(), session.network()),
                Optional.empty());
    }
}
