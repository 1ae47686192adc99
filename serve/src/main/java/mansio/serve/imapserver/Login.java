package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;

import java.io.IOException;

/** LOGIN: RFC 9051 section 6.2.3. */
final class Login {
    private Login() {}

    static Reply handle(Call call, Command.Login login) throws IOException {
        SessionState session = call.session();
        if (!LogIn.allowed(session)) {
            return Replies.NEED_TLS;
        }
        return LogIn.reply(
                call,
                session.rooms()
                        .logIns()
                        .password(login.userName(), login.password(), LogIn.client(session)));
    }
}
