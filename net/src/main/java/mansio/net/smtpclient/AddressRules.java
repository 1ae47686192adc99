package mansio.net.smtpclient;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * To which addresses mail is sent when the DNS of a stranger says so. Without rules, everybody who
 * has a domain could make us talk to our own machine and network: the MX record is theirs.
 *
 * @param allowed addresses that are taken whatever they are, as configured
 */
public record AddressRules(Predicate<InetAddress> allowed) {
    /** Only what the whole world can reach. */
    public static final AddressRules PUBLIC_ONLY = new AddressRules(_ -> false);

    /** First bits and what they are: the IANA special-purpose registries (RFC 6890). */
    private record Block(byte[] base, int bits, String what) {
        Block(String base, int bits, String what) {
            this(InetAddress.ofLiteral(base).getAddress(), bits, what);
        }

        boolean holds(byte[] address) {
            if (address.length != base.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if (((address[i >> 3] ^ base[i >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> BLOCKS =
            List.of(
                    new Block("0.0.0.0", 8, "unspecified"),
                    new Block("10.0.0.0", 8, "private"),
                    new Block("100.64.0.0", 10, "private"),
                    new Block("127.0.0.0", 8, "loopback"),
                    new Block("169.254.0.0", 16, "link-local"),
                    new Block("172.16.0.0", 12, "private"),
                    new Block("192.0.0.0", 24, "reserved"),
                    // Relays of 6to4, given up (RFC 7526).
                    new Block("192.88.99.0", 24, "reserved"),
                    new Block("192.168.0.0", 16, "private"),
                    new Block("198.18.0.0", 15, "private"),
                    new Block("224.0.0.0", 4, "multicast"),
                    new Block("240.0.0.0", 4, "reserved"),
                    new Block("::", 128, "unspecified"),
                    new Block("::1", 128, "loopback"),
                    // IPv4-compatible; IPv4-mapped ones are IPv4 addresses in Java.
                    new Block("::", 96, "reserved"),
                    // IPv4-translated (RFC 2765): no address that is routed begins so.
                    new Block("::ffff:0:0:0", 96, "reserved"),
                    new Block("64:ff9b:1::", 48, "private"),
                    new Block("100::", 64, "reserved"),
                    new Block("100:0:0:1::", 64, "reserved"),
                    // Teredo and ORCHID: nobody's mail server.
                    new Block("2001::", 23, "reserved"),
                    // More documentation (RFC 9637), and segments of SRv6 (RFC 9602).
                    new Block("3fff::", 20, "reserved"),
                    new Block("5f00::", 16, "private"),
                    new Block("fc00::", 7, "private"),
                    new Block("fe80::", 10, "link-local"),
                    new Block("fec0::", 10, "private"),
                    new Block("ff00::", 8, "multicast"));

    private static final Block NAT64 = new Block("64:ff9b::", 96, "translated");
    private static final Block SIX_TO_FOUR = new Block("2002::", 16, "tunnelled");

    /** What the address is, when mail must not go there; empty when it may. */
    Optional<String> refusal(InetAddress address) {
        if (allowed.test(address)) {
            return Optional.empty();
        }
        byte[] bytes = address.getAddress();
        for (Block block : BLOCKS) {
            if (block.holds(bytes)) {
                return Optional.of(block.what());
            }
        }
        // An IPv4 address in disguise is judged as what it is.
        if (NAT64.holds(bytes)) {
            return refusal(ipv4(bytes, 12));
        }
        return SIX_TO_FOUR.holds(bytes) ? refusal(ipv4(bytes, 2)) : Optional.empty();
    }

    private static InetAddress ipv4(byte[] bytes, int at) {
        byte[] four = Arrays.copyOfRange(bytes, at, at + 4);
        return Inet4Address.ofLiteral(
                "%d.%d.%d.%d"
                        .formatted(four[0] & 255, four[1] & 255, four[2] & 255, four[3] & 255));
    }
}
