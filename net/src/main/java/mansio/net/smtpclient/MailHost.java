package mansio.net.smtpclient;

import mansio.net.dns.Security;

import java.net.InetAddress;
import java.util.List;

/**
 * A host that takes mail for a destination.
 *
 * @param name its name, or the text of its address for an address literal
 * @param preference of its MX record; 0 where there is none
 * @param addresses in the order to try, at least one
 * @param security how far the DNS vouches for name and addresses
 */
public record MailHost(
        String name, int preference, int port, List<InetAddress> addresses, Security security) {
    public MailHost {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(name + " without address");
        }
    }
}
