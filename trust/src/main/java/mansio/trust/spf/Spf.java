package mansio.trust.spf;

import mansio.codec.text.Domain;
import mansio.net.dns.Resolver;
import mansio.net.time.Time;

/**
 * Checks whether a client may send for a domain: check_host() of RFC 7208 section 4. Nothing is
 * thrown, whatever a sender or a name server says. Safe for use by any thread.
 */
public final class Spf {
    private final Resolver resolver;
    private final Time time;
    private final SpfLimits limits;
    private final Domain receiver;

    /**
     * @param receiver the name of this host, for explanations
     */
    public Spf(Resolver resolver, Time time, SpfLimits limits, Domain receiver) {
        this.resolver = resolver;
        this.time = time;
        this.limits = limits;
        this.receiver = receiver;
    }

    /**
     * Checks, and waits for the DNS.
     *
     * @param deadlineNanos of {@link Time#nanos()}; the RFC wants at least 20 s. When it passes,
     *     the result is {@link Result#TEMPERROR}
     */
    public SpfResult check(SpfRequest request, long deadlineNanos) {
        return new Evaluation(this, request, deadlineNanos).run();
    }

    Resolver resolver() {
        return resolver;
    }

    Time time() {
        return time;
    }

    SpfLimits limits() {
        return limits;
    }

    Domain receiver() {
        return receiver;
    }
}
