package mansio.trust.dkim;

import mansio.net.dns.Resolver;
import mansio.net.time.Threads;
import mansio.net.time.Time;

/**
 * What verifying needs from outside. One for a server.
 *
 * @param threads on which several keys are looked up at once
 */
public record Surroundings(Resolver resolver, Time time, Threads threads, Crypto crypto) {}
