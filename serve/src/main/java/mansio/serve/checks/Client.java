package mansio.serve.checks;

import mansio.codec.text.Address;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The host that brings a message, and what it says about it.
 *
 * @param helo what it called itself, whatever it is
 * @param reversePath empty for the null reverse-path
 */
public record Client(InetAddress address, String helo, Optional<Address> reversePath) {}
