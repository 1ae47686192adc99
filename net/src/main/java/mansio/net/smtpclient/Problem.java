package mansio.net.smtpclient;

import mansio.codec.smtp.Reply;

import java.util.Optional;

/**
 * Why something was not done.
 *
 * @param reply what the server said, cleaned and bounded; empty when it said nothing to the point
 * @param status an RFC 3463 status, whose class says whether it is for good: the reply's own where
 *     it has one
 * @param sentence one line for people, without the reply's text
 */
public record Problem(Stage stage, Optional<Reply> reply, String status, String sentence) {
    static Problem of(Stage stage, Reply reply) {
        if (!reply.isTransient() && !reply.isPermanent()) {
            String sentence = "the server's answer makes no sense at " + words(stage);
            return new Problem(stage, Optional.of(reply), "4.5.0", sentence);
        }
        String status = reply.status().isEmpty() ? reply.code() / 100 + ".0.0" : reply.status();
        return new Problem(
                stage, Optional.of(reply), status, "the server refused at " + words(stage));
    }

    static Problem of(Stage stage, String status, String sentence) {
        return new Problem(stage, Optional.empty(), status, sentence);
    }

    /** The server hangs up or is not to be understood: RFC 3463 X.4.2, bad connection. */
    static Problem broken(Stage stage, Exception cause) {
        String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return of(stage, "4.4.2", "the connection broke at " + words(stage) + ": " + why);
    }

    private static String words(Stage stage) {
        return switch (stage) {
            case LOCAL -> "our side";
            case CONNECT -> "the connection";
            case GREETING -> "the greeting";
            case EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA -> stage.name();
            case TLS -> "the TLS handshake";
            case OFFER -> "what the server offers";
            case CONTENT -> "the message";
            case END -> "the end of the message";
        };
    }
}
