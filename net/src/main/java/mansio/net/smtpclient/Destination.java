package mansio.net.smtpclient;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.codec.text.Host;

/** Where mail is to go. */
public sealed interface Destination {
    /** What stands behind the "@": a domain by its MX records, or an address literal; port 25. */
    record Mail(Host host) implements Destination {}

    /** A host that somebody has configured: by its addresses only, whatever those are. */
    record Relay(Host host, int port) implements Destination {}

    /** The host's name, or its address without brackets. */
    static String name(Host host) {
        return switch (host) {
            case Domain domain -> domain.text();
            case AddressLiteral literal -> literal.address().getHostAddress();
        };
    }
}
