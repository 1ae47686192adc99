package mansio.serve.outbound;

import mansio.codec.smtp.Reply;
import mansio.net.smtpclient.Problem;
import mansio.net.smtpclient.SmtpSession;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;

import java.time.Instant;
import java.util.Optional;

/** From what the client says to what the queue keeps. */
final class Words {
    private Words() {}

    /** {@code mx.example.org[192.0.2.1]}. */
    static String host(SmtpSession session) {
        return session.facts().where();
    }

    /** The words of a reply, with its codes. */
    static String reply(Reply reply) {
        String status = reply.status().isEmpty() ? "" : reply.status() + " ";
        return reply.code() + " " + status + reply.text();
    }

    /** Why a host did not give a session. */
    static Failure failure(mansio.net.smtpclient.Failure failure, Instant at) {
        return failure(failure.problem(), failure.where(), at);
    }

    static Failure failure(Problem problem, String host, Instant at) {
        return new Failure(
                problem.status(),
                stage(problem),
                host,
                problem.reply().map(Words::reply).orElse(""),
                problem.sentence(),
                at);
    }

    private static Stage stage(Problem problem) {
        Optional<Reply> reply = problem.reply();
        return switch (problem.stage()) {
            case LOCAL -> Stage.LOCAL;
            case CONNECT -> Stage.CONNECT;
            case GREETING, EHLO -> Stage.GREETING;
            case STARTTLS, TLS -> Stage.TLS;
            case AUTH -> Stage.AUTH;
            case OFFER, MAIL -> Stage.MAIL;
            case RCPT -> Stage.RCPT;
            case DATA, CONTENT -> Stage.DATA;
            case END -> reply.isPresent() ? Stage.ANSWER : Stage.DOT;
        };
    }
}
