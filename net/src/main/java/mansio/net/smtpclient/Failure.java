package mansio.net.smtpclient;

import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Why one host at one address did not give a session.
 *
 * @param host its name
 * @param address empty when none was tried
 * @param dialogue what both sides said, a line each, without secrets; empty when nothing was
 */
public record Failure(
        Kind kind,
        String host,
        Optional<SocketAddress> address,
        Problem problem,
        List<String> dialogue) {
    public Failure {
        dialogue = List.copyOf(dialogue);
    }

    /** What follows from it. */
    public enum Kind {
        /** To be tried again. */
        TEMPORARY,
        /**
         * The server has refused our log-in, or offers none that we may use: a person has to cure
         * it, and the mail waits.
         */
        LOGIN,
        /** By the RFCs it is for good: this host will never take it. */
        PERMANENT
    }

    /**
     * Whether the server refuses us rather than the mail: 5.7.x in place of a greeting or at EHLO
     * (a block list, a missing reverse name). Permanent by the letter, often cured within a day.
     */
    public boolean isPolicy() {
        return kind == Kind.PERMANENT
                && (problem.stage() == Stage.GREETING || problem.stage() == Stage.EHLO)
                && problem.status().startsWith("5.7.");
    }

    /** Host and address: {@code mx.example.org[192.0.2.1]}, or the path of a socket. */
    public String where() {
        return address.map(it -> MailHost.shown(host, it)).orElse(host);
    }

    @Override
    public String toString() {
        return where()
                + ": "
                + problem.sentence()
                + problem.reply().map(it -> ": " + it).orElse("");
    }
}
