package mansio.state.queue;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Why something was not done: enough to write a report, a line of the story and an answer to an
 * administrator. All texts are one clean line.
 *
 * @param status enhanced status code (RFC 3463), such as {@code 4.4.1}
 * @param stage how far it came
 * @param host the other side, {@code mx.example.org[192.0.2.1]}; empty when there is none
 * @param reply what the other side answered, its lines joined; empty when it said nothing
 * @param sentence what we say about it, such as {@code the connection was refused}
 * @param at when it happened
 */
public record Failure(
        String status, Stage stage, String host, String reply, String sentence, Instant at) {
    /** Characters that are kept of a reply or a sentence. */
    public static final int MAX_TEXT = 500;

    private static final int MAX_STATUS = 11;
    private static final int MAX_HOST = 320;

    /** How far it came. The code is stored. */
    public enum Stage {
        /** A local fault, or a local delivery. */
        LOCAL(1),
        /** Names, routes, policies: before a connection. */
        ROUTE(2),
        CONNECT(3),
        GREETING(4),
        TLS(5),
        AUTH(6),
        MAIL(7),
        RCPT(8),
        DATA(9),
        /** The final dot was sent, and no answer came: perhaps the other side has the message. */
        DOT(10),
        /** The other side answered to the whole message. */
        ANSWER(11),
        /** It was not tried, because the address is suppressed. */
        SUPPRESSED(12),
        /** An administrator wanted it so. */
        ADMIN(13);

        private final int code;

        Stage(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Stage of(int code) {
            for (Stage stage : values()) if (stage.code == code) return stage;
            throw new IllegalStateException("stage code " + code);
        }
    }

    public Failure {
        status = Texts.clean(status, MAX_STATUS);
        host = Texts.clean(host, MAX_HOST);
        reply = Texts.clean(reply, MAX_TEXT);
        sentence = Texts.clean(sentence, MAX_TEXT);
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A failure that no other host had a part in. */
    public static Failure here(Stage stage, String status, String sentence, Instant at) {
        return new Failure(status, stage, "", "", sentence, at);
    }

    /** One line for people: our sentence, the host, its words. */
    public String line() {
        StringBuilder line = new StringBuilder(sentence);
        if (!host.isEmpty()) line.append(line.isEmpty() ? "" : ", ").append(host);
        if (!reply.isEmpty()) line.append(line.isEmpty() ? "" : ": ").append(reply);
        return line.toString();
    }

    void writeTo(ValueWriter out) {
        out.u8(stage.code).text(status).text(host).text(reply).text(sentence);
        Texts.write(out, at);
    }

    static Failure readFrom(ValueReader in) {
        Stage stage = Stage.of(in.u8());
        return new Failure(in.text(), stage, in.text(), in.text(), in.text(), Texts.instant(in));
    }
}
