package mansio.serve.inbound;

import mansio.codec.text.Ascii;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueId;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The trace fields we put in front of a message: RFC 5321 section 4.4, with the registered {@code
 * tls} clause of RFC 8314 section 7.4. All that comes from outside was checked by the command
 * grammar before, and is cut here.
 */
final class ReceivedField {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final int MAX_NAME = 255;

    private ReceivedField() {}

    /** {@code Return-Path: <...>}: only final delivery adds it. */
    static byte[] returnPath(Envelope envelope) {
        String path = envelope.reversePath().map(address -> address.toWire()).orElse("");
        return ("Return-Path: <" + path + ">\r\n").getBytes(StandardCharsets.UTF_8);
    }

    // Time-stamp-line = "Received:" FWS Stamp; Stamp = From-domain By-domain Opt-info [CFWS] ";"
    // FWS date-time
    static byte[] received(Transaction transaction, QueueId id, String hostname, Instant at) {
        var source = transaction.envelope().source();
        StringBuilder field = new StringBuilder(400);
        if (transaction.origin() instanceof Origin.LocalUser local) {
            // No host and no protocol took part; a comment says who it was.
            field.append("Received: by ").append(hostname).append(" (from ");
            field.append(nameOf(local.user())).append("@local userid ").append(local.uid());
            field.append(")\r\n\tid ").append(id);
        } else {
            field.append("Received: from ").append(nameOf(source.helo()));
            field.append(" ([").append(literal(source.client())).append("])\r\n");
            field.append("\tby ").append(hostname).append(" with ").append(source.protocol());
            field.append(" id ").append(id);
        }
        transaction
                .tls()
                .ifPresent(
                        tls ->
                                field.append("\r\n\ttls ")
                                        .append(tls.cipherSuite())
                                        .append(" (")
                                        .append(tls.protocol())
                                        .append(')'));
        if (transaction.recipients().size() == 1) {
            field.append("\r\n\tfor <")
                    .append(transaction.recipients().getFirst().forwardPath().toWire())
                    .append('>');
        }
        field.append(";\r\n\t").append(date(at)).append("\r\n");
        return field.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 5322 section 3.3 date-time, in UTC. */
    static String date(Instant at) {
        return DATE.format(at.atOffset(ZoneOffset.UTC));
    }

    /**
     * A peer that names itself by no domain or literal stands there as what it can be: a quoted
     * word cannot.
     */
    private static String nameOf(String helo) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < Math.min(helo.length(), MAX_NAME); i++) {
            char c = helo.charAt(i);
            // ASCII only: who names itself in UTF-8 may send to somebody who takes none.
            boolean plain = Ascii.isLetter(c) || Ascii.isDigit(c) || "-._:[]".indexOf(c) >= 0;
            name.append(plain ? c : '?');
        }
        return name.isEmpty() ? "unknown" : name.toString();
    }

    private static String literal(String ip) {
        return ip.indexOf(':') >= 0 ? "IPv6:" + ip : ip;
    }
}
