package mansio.net.smtpclient;

import mansio.codec.smtp.Reply;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Why something was not done.
 *
 * @param reply what the server said, cleaned and bounded; empty when it said nothing to the point
 * @param status an RFC 3463 status, whose class says whether it is for good: the reply's own where
 *     it has one
 * @param sentence one clean line for people, without the reply's text
 */
public record Problem(Stage stage, Optional<Reply> reply, String status, String sentence) {
    private static final int MAX_SENTENCE = 500;

    public Problem {
        sentence = clean(sentence);
    }

    /** What certificates and libraries say may have come from the other side. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < Math.min(text.length(), MAX_SENTENCE); i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) ? '?' : c);
        }
        return clean.toString();
    }

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

    /** The server hangs up, or is not to be understood. */
    static Problem broken(Stage stage, Exception cause) {
        String at = " at " + words(stage);
        String sentence =
                switch (Trouble.of(cause)) {
                    case CLOSED -> "the server closed the connection" + at;
                    case RESET -> "the server broke the connection off" + at + " (reset)";
                    case SILENT -> "the server did not answer in time" + at;
                    case TLS -> "TLS failed" + at + ": " + firstLine(cause);
                    case REFUSED, UNREACHABLE, SOURCE, OTHER ->
                            "the connection broke" + at + ": " + firstLine(cause);
                };
        // RFC 3463: X.4.2 bad connection.
        return of(stage, "4.4.2", sentence);
    }

    /** There is no connection to the server. */
    static Problem unreachable(SocketAddress peer, Exception cause) {
        String address =
                peer instanceof InetSocketAddress inet
                        ? inet.getAddress().getHostAddress()
                        : peer.toString();
        String port =
                peer instanceof InetSocketAddress inet
                        ? address + " port " + inet.getPort()
                        : address;
        String sentence =
                switch (Trouble.of(cause)) {
                    case REFUSED -> "nobody listens at " + port + " (connection refused)";
                    case UNREACHABLE -> "no network leads to " + address + " (unreachable)";
                    case SILENT -> port + " does not answer (timed out)";
                    case RESET, CLOSED -> port + " broke the connection off (reset)";
                    case SOURCE -> "the source address for " + address + " is none of this host";
                    case TLS, OTHER -> "no connection to " + port + ": " + firstLine(cause);
                };
        // RFC 3463: X.4.1 no answer from host.
        return of(Stage.CONNECT, "4.4.1", sentence);
    }

    private static String firstLine(Exception cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
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
