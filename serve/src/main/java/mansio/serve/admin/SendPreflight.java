package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.serve.rehearsal.Rehearser;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * {@code preflight --from}: a message goes the way of all that leaves, but comes back here.
 *
 * @param from of an account that sends it
 * @param to elsewhere; empty for anybody
 * @param message at most {@link #MAX_BYTES}, with CRLF; empty for one that is made
 * @param ip the address that the world sees; empty for that of the host name
 */
public record SendPreflight(
        Address from, Optional<Address> to, Optional<byte[]> message, Optional<String> ip)
        implements Operation<PreflightReport> {
    /** Encoded it fits the control socket. */
    public static final int MAX_BYTES = Rehearser.MAX_BYTES;

    @Override
    public Outcome<PreflightReport> run(Rooms rooms) throws IOException {
        Optional<Rehearser> rehearser = rooms.site().server().flatMap(RunningServer::rehearser);
        if (rehearser.isEmpty()) {
            return Outcome.refused(
                    Problem.UNSUPPORTED, "a test message is sent by the server; it does not run");
        }
        Optional<InetAddress> address = Optional.empty();
        if (ip.isPresent()) {
            try {
                address = Optional.of(InetAddress.ofLiteral(ip.get()));
            } catch (IllegalArgumentException e) {
                return Outcome.refused(Problem.INVALID, "'" + ip.get() + "' is no IP address");
            }
        }
        return rehearser
                .get()
                .run(new Rehearser.Wish(from, to, message, address))
                .map(PreflightReport::of);
    }
}
