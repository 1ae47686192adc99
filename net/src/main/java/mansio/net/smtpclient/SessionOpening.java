package mansio.net.smtpclient;

import mansio.net.dial.Dialer;
import mansio.net.smtpclient.Failure.Kind;
import mansio.net.time.Time;
import mansio.net.tls.CertificateCheck;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Opens a session with the first host that gives one. Safe for use by any thread. */
public final class SessionOpening {
    /** More addresses than these are not tried: the message waits for its next turn. */
    public static final int MAX_ADDRESSES = 10;

    private final Around around;

    /** What it works with; {@code random} draws nonces: a {@code SecureRandom} outside of tests. */
    public record Around(
            Dialer dialer, Time time, RandomGenerator random, CertificateCheck certificates) {}

    public SessionOpening(Around around) {
        this.around = around;
    }

    /**
     * Tries hosts and their addresses in order. Blocks for as long as the time-outs allow.
     *
     * @param hosts at least one, as {@link HostFinder} gives them
     */
    public Opening open(List<MailHost> hosts, SessionSettings settings) {
        List<Failure> failures = new ArrayList<>();
        Set<SocketAddress> tried = new HashSet<>();
        for (MailHost host : hosts) {
            for (SocketAddress peer : host.peers()) {
                if (tried.size() == MAX_ADDRESSES || !tried.add(peer)) {
                    continue;
                }
                switch (new Attempt(around, settings, host, peer).run()) {
                    case Attempt.Result.Session(SmtpSession session) -> {
                        return new Opening.Opened(session, failures);
                    }
                    case Attempt.Result.No(Failure failure) -> {
                        failures.add(failure);
                        if (failure.kind() == Kind.LOGIN) {
                            // The next address would only count one more wrong password.
                            return new Opening.Closed(failure, failures);
                        }
                    }
                }
            }
        }
        return new Opening.Closed(mostHopeful(failures), failures);
    }

    /** What can change comes before what cannot, and what was said before what was not. */
    private static Failure mostHopeful(List<Failure> failures) {
        Optional<Failure> best =
                failures.stream()
                        .min(
                                Comparator.comparing(Failure::kind)
                                        .thenComparing(it -> it.problem().reply().isEmpty()));
        return best.orElseThrow(() -> new IllegalArgumentException("no hosts"));
    }
}
