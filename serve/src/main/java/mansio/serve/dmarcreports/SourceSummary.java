package mansio.serve.dmarcreports;

import mansio.codec.text.AddressLiteral;

import java.net.InetAddress;

/**
 * What is told of one host.
 *
 * @param address as RFC 5952 wants it
 * @param kind who it probably is
 * @param name a domain that answers for it, by DKIM or SPF; may be empty
 * @param passed messages that passed DMARC
 * @param quarantined messages that were put aside
 * @param rejected messages that were refused
 */
public record SourceSummary(
        String address,
        Kind kind,
        String name,
        long messages,
        long passed,
        long dkimAligned,
        long spfAligned,
        long quarantined,
        long rejected) {
    /** Who a host probably is. */
    public enum Kind {
        /** This server. */
        OURS("this server"),
        /** It passes as us most of the time. */
        SENDER("sends for you"),
        /** It sends on what we signed, and breaks the signature. */
        FORWARDER("a forwarder or a list"),
        /** It sends in our name with somebody else's signature or envelope. */
        SERVICE("a service that sends for you, or a spammer with a name"),
        /** Nothing answers for it. */
        UNKNOWN("unknown, probably forged");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** Messages that did not pass. */
    public long failed() {
        return messages - passed;
    }

    /** For people. */
    public String line() {
        return "  %-39s %7d messages, %d pass (DKIM %d, SPF %d)%s: %s%s"
                .formatted(
                        address,
                        messages,
                        passed,
                        dkimAligned,
                        spfAligned,
                        quarantined + rejected == 0
                                ? ""
                                : ", %d quarantined, %d rejected".formatted(quarantined, rejected),
                        kind.words,
                        name.isEmpty() ? "" : " (" + name + ")");
    }

    static String text(InetAddress address) {
        String literal = new AddressLiteral(address).text();
        return literal.substring(literal.startsWith("[IPv6:") ? 6 : 1, literal.length() - 1);
    }
}
