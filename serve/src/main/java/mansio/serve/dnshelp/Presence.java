package mansio.serve.dnshelp;

import mansio.codec.text.Domain;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * What of a server the world is to find.
 *
 * @param hostname what it calls itself
 * @param addresses public ones that it takes mail at; may be empty when it cannot know them
 * @param ports by the name of the protocol: smtp, submission, submissions, imap, imaps
 */
public record Presence(Domain hostname, List<InetAddress> addresses, Map<String, Integer> ports) {
    public Presence {
        addresses = List.copyOf(addresses);
        ports = Map.copyOf(ports);
    }
}
