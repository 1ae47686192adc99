package mansio.net.smtpclient;

import mansio.net.smtpclient.OutgoingMessage.Content;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be said of a message before a word about it is spoken: by what the server offers. */
final class OfferCheck {
    private OfferCheck() {}

    /** Verdicts by the recipient's index; those not in it may be asked for. */
    static Map<Integer, Verdict> verdicts(OutgoingMessage message, Transaction.Terms terms) {
        Map<Integer, Verdict> verdicts = new LinkedHashMap<>();
        Optional<Problem> forAll = forAll(message, terms);
        boolean utf8 = terms.offered().has("SMTPUTF8");
        int asked = 0;
        for (int i = 0; i < message.recipients().size(); i++) {
            if (forAll.isPresent()) {
                verdicts.put(i, new Verdict.Refused(forAll.get()));
            } else if (!utf8 && message.recipients().get(i).forwardPath().needsUtf8()) {
                verdicts.put(
                        i, new Verdict.Refused(noUtf8("the address has letters that need it")));
            } else if (asked == terms.maxRecipients()) {
                verdicts.put(i, Verdict.tooMany(Optional.empty()));
            } else {
                asked++;
            }
        }
        return verdicts;
    }

    private static Optional<Problem> forAll(OutgoingMessage message, Transaction.Terms terms) {
        Extensions offered = terms.offered();
        Content content = message.content();
        if (message.requireTls()) {
            Optional<Problem> problem = requireTls(terms);
            if (problem.isPresent()) return problem;
        }
        if (needsUtf8(message) && !offered.has("SMTPUTF8")) {
            return Optional.of(noUtf8("the sender or the header has letters that need it"));
        }
        if (content.eightBit() && !takesEightBit(offered) && content.sevenBit().isEmpty()) {
            return no("5.6.3", "the server does not offer 8BITMIME, which the message needs");
        }
        OptionalLong most = offered.maxSize();
        if (most.isPresent() && content.size() > most.getAsLong()) {
            return no(
                    "5.3.4",
                    "the message has %d octets, and the server takes %d"
                            .formatted(content.size(), most.getAsLong()));
        }
        return Optional.empty();
    }

    /** RFC 8689 section 4.2.1, steps 2, 4 and 5. */
    private static Optional<Problem> requireTls(Transaction.Terms terms) {
        if (terms.tls().filter(SessionTls::trusted).isEmpty()) {
            return no("5.7.10", "the message must not travel without verified TLS");
        }
        if (!terms.offered().has("REQUIRETLS")) {
            return no("5.7.30", "the server does not offer REQUIRETLS, which the message needs");
        }
        if (terms.tls().filter(SessionTls::verified).isEmpty()) {
            return no(
                    "5.7.30",
                    "nobody vouches that this server is the right one (no signed MX record, no"
                            + " MTA-STS policy), as the message needs");
        }
        return Optional.empty();
    }

    /**
     * Whether every recipient needs SMTPUTF8, whatever its own address is: RFC 6531 section 3.2.
     */
    static boolean needsUtf8(OutgoingMessage message) {
        return message.content().utf8Header()
                || message.reversePath().filter(it -> it.needsUtf8()).isPresent();
    }

    /** RFC 6531 section 3.1: whoever offers SMTPUTF8 has to offer 8BITMIME too. */
    static boolean takesEightBit(Extensions offered) {
        return offered.has("8BITMIME") || offered.has("SMTPUTF8");
    }

    private static Optional<Problem> no(String status, String sentence) {
        return Optional.of(Problem.of(Stage.OFFER, status, sentence));
    }

    private static Problem noUtf8(String why) {
        return Problem.of(Stage.OFFER, "5.6.7", "the server does not offer SMTPUTF8: " + why);
    }
}
