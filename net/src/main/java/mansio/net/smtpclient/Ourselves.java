package mansio.net.smtpclient;

import mansio.codec.text.Ascii;

import java.net.InetAddress;
import java.util.Set;

/**
 * Names and addresses under which this server takes mail: an MX record that leads here would make a
 * loop (RFC 5321 section 5.1).
 *
 * @param names in lower case, without final dot
 */
public record Ourselves(Set<String> names, Set<InetAddress> addresses) {
    public Ourselves {
        names = Set.copyOf(names);
        addresses = Set.copyOf(addresses);
    }

    boolean hasName(String name) {
        return names.contains(Ascii.lower(name));
    }
}
