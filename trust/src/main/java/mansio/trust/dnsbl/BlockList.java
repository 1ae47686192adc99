package mansio.trust.dnsbl;

import mansio.net.dns.DnsName;

import java.util.List;

/**
 * A list in the DNS (RFC 5782), of those to be refused, or trusted.
 *
 * @param name for people and logs
 * @param zone below which it is asked
 * @param subject what it lists
 * @param codes what its answers mean, the first that matches counts; when empty, every answer is a
 *     listing to be dealt with as {@code otherwise} says
 * @param otherwise for a list without codes
 */
public record BlockList(
        String name, DnsName zone, Subject subject, List<Code> codes, Code otherwise) {
    public BlockList {
        codes = List.copyOf(codes);
    }

    /** What a list lists. */
    public enum Subject {
        /** Addresses of hosts. */
        ADDRESS,
        /** Domains: of HELO, the sender, the From, of links. */
        DOMAIN
    }

    /** What a listing is good for. */
    public enum Action {
        /** To be refused for this alone. */
        REJECT,
        /** Into the junk mailbox. */
        QUARANTINE,
        /** Its weight counts, together with that of others. */
        WEIGH,
        /** To be trusted: a list of good senders. */
        TRUST
    }

    /**
     * What an answer means.
     *
     * @param meaning for people, such as {@code "hijacked machines"}
     * @param weight how much it counts, the more the worse; below zero for good senders
     */
    public record Code(CodePattern pattern, String meaning, Action action, int weight) {}

    /** A list of which every answer means the same. */
    public static BlockList simple(DnsName zone, Subject subject, Action action, int weight) {
        Code any = new Code(CodePattern.ANY, "listed", action, weight);
        return new BlockList(zone.text(), zone, subject, List.of(), any);
    }
}
