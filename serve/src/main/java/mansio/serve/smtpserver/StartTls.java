package mansio.serve.smtpserver;

import mansio.codec.smtp.Replies;

/** STARTTLS: RFC 3207. */
final class StartTls {
    private StartTls() {}

    static Answer handle(SessionState session) {
        if (session.tls().isPresent()) {
            return Answer.of(Replies.TLS_ALREADY);
        }
        if (!session.canStartTls()) {
            return Answer.of(Replies.TLS_NOT_AVAILABLE);
        }
        return Answer.then(Answer.Next.TLS_HANDSHAKE, Replies.READY_FOR_TLS);
    }
}
