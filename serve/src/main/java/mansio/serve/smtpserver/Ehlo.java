package mansio.serve.smtpserver;

import mansio.codec.sasl.Mechanism;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.serve.smtpserver.SessionState.Greeting;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** EHLO, HELO and LHLO: RFC 5321 section 4.1.1.1, RFC 2033 section 4.1. */
final class Ehlo {
    private Ehlo() {}

    static Reply ehlo(SessionState session, Command.Ehlo ehlo) throws IOException {
        if (session.flavour() == Flavour.LMTP) {
            return Replies.USE_LHLO;
        }
        session.greet(Greeting.EHLO, ehlo.client());
        return new Reply(250, "", extensions(session));
    }

    static Reply helo(SessionState session, Command.Helo helo) {
        if (session.flavour() == Flavour.LMTP) {
            return Replies.USE_LHLO;
        }
        session.greet(Greeting.HELO, helo.client());
        return new Reply(250, "", session.settings().hostname().text());
    }

    static Reply lhlo(SessionState session, Command.Lhlo lhlo) throws IOException {
        if (session.flavour() != Flavour.LMTP) {
            return Replies.UNKNOWN_COMMAND;
        }
        session.greet(Greeting.LHLO, lhlo.client());
        return new Reply(250, "", extensions(session));
    }

    /**
     * DSN (RFC 3461) is for those who may send through us. A stranger's reverse-path may be forged:
     * a report of success that it asks for would be backscatter. Its own server then reports that
     * it handed the message on (section 5.2.2).
     */
    static boolean offersDsn(SessionState session) {
        return switch (session.flavour()) {
            case SUBMISSION -> true;
            case MX -> session.trusted();
            case LMTP -> false;
        };
    }

    private static List<String> extensions(SessionState session) throws IOException {
        SmtpSettings.Limits limits = session.settings().limits();
        List<String> lines = new ArrayList<>(10);
        lines.add(session.settings().hostname().text());
        lines.add("PIPELINING");
        lines.add("SIZE " + session.rooms().intake().maxMessageBytes());
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("CHUNKING");
        if (offersDsn(session)) {
            lines.add("DSN");
        }
        // RFC 9422 section 4
        lines.add("LIMITS MAILMAX=" + session.maxMessages() + " RCPTMAX=" + limits.maxRecipients());
        if (session.canStartTls()) {
            lines.add("STARTTLS");
        }
        List<Mechanism> mechanisms = Auth.offered(session);
        if (!mechanisms.isEmpty()) {
            StringBuilder auth = new StringBuilder("AUTH");
            mechanisms.forEach(it -> auth.append(' ').append(it.saslName()));
            lines.add(auth.toString());
        }
        return lines;
    }
}
