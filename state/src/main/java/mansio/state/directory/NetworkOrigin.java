package mansio.state.directory;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a log-in comes from, as a unit of policy: an IPv4 address, or the /64 of an IPv6 address,
 * since one host easily has all of it.
 */
public record NetworkOrigin(InetAddress network) {
    private static final int NETWORK_BYTES = 8;

    /**
     * The origin of a peer. IPv4 addresses mapped into IPv6 count as IPv4 (the JDK has made them so
     * already).
     */
    public static NetworkOrigin of(InetAddress peer) {
        if (peer instanceof Inet4Address) {
            return new NetworkOrigin(peer);
        }
        byte[] bytes = peer.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            // An address of bytes is never looked up by name, and has no scope to compare.
            return new NetworkOrigin(
                    isLoopback(peer)
                            ? InetAddress.getByAddress(loopback())
                            : InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isLoopback(InetAddress peer) {
        return peer.isLoopbackAddress();
    }

    /** ::1 keeps its last byte: its /64 would be the unspecified address. */
    private static byte[] loopback() {
        byte[] bytes = new byte[16];
        bytes[15] = 1;
        return bytes;
    }

    /** Such as {@code 192.0.2.7} or {@code 2001:db8:0:1:0:0:0:0/64}. */
    @Override
    public String toString() {
        return network.getHostAddress() + (network instanceof Inet4Address ? "" : "/64");
    }
}
