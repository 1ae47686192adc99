package mansio.serve.imapserver;

import mansio.codec.imap.Reply;

import java.io.IOException;

/** STARTTLS: RFC 9051 section 6.2.1. */
final class StartTls {
    private StartTls() {}

    /** Writes its tagged reply itself, for what comes after it is TLS. */
    static Reply handle(Call call) throws IOException {
        SessionState session = call.session();
        if (session.tls().isPresent()) {
            return Replies.TLS_ALREADY;
        }
        if (!session.canStartTls()) {
            return Replies.TLS_NOT_AVAILABLE;
        }
        call.out().tagged(call.tag(), Replies.TLS_BEGIN);
        call.wire().startTls();
        return Replies.TLS_BEGIN;
    }
}
