package mansio.serve.dnshelp;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * By which hosts mail of ours comes to others, besides our own.
 *
 * @param sources addresses of ours that routes name
 * @param relays hosts that routes hand mail to
 */
public record Mailing(List<InetAddress> sources, List<mansio.codec.text.Host> relays) {
    /** All leaves from our own addresses. */
    public static final Mailing DIRECT = new Mailing(List.of(), List.of());

    /** What services ask their customers to include. */
    private static final Map<String, String> INCLUDES =
            Map.of(
                    "amazonaws.com", "amazonses.com",
                    "brevo.com", "spf.brevo.com",
                    "gmail.com", "_spf.google.com",
                    "mailgun.org", "mailgun.org",
                    "mailjet.com", "spf.mailjet.com",
                    "office365.com", "spf.protection.outlook.com",
                    "postmarkapp.com", "spf.mtasv.net",
                    "sendgrid.net", "sendgrid.net",
                    "smtp2go.com", "spf.smtp2go.com");

    public Mailing {
        sources = List.copyOf(sources);
        relays = List.copyOf(relays);
    }

    /** Mechanisms for all of them, without doubles (RFC 7208 section 5). */
    List<String> mechanisms() {
        Set<String> found = new LinkedHashSet<>();
        sources.forEach(it -> found.add(mechanism(it)));
        for (mansio.codec.text.Host relay : relays) {
            switch (relay) {
                case AddressLiteral(InetAddress address) -> found.add(mechanism(address));
                case Domain name -> include(name).ifPresent(it -> found.add("include:" + it));
            }
        }
        return List.copyOf(found);
    }

    /** Relays of which it is not known what to include. */
    List<String> unknown() {
        List<String> names = new ArrayList<>();
        for (mansio.codec.text.Host relay : relays) {
            if (relay instanceof Domain name && include(name).isEmpty()) names.add(name.text());
        }
        return names.stream().distinct().toList();
    }

    private static Optional<String> include(Domain relay) {
        return INCLUDES.entrySet().stream()
                .filter(it -> relay.isWithin(new Domain(Ascii.lower(it.getKey()))))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    static String mechanism(InetAddress address) {
        return (address.getAddress().length == 4 ? "ip4:" : "ip6:") + text(address);
    }

    /** As RFC 5952 wants it. */
    public static String text(InetAddress address) {
        String literal = new AddressLiteral(address).text();
        return literal.substring(literal.startsWith("[IPv6:") ? 6 : 1, literal.length() - 1);
    }
}
