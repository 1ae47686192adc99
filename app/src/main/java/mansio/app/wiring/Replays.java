package mansio.app.wiring;

import mansio.codec.text.Domain;
import mansio.net.dns.Resolver;
import mansio.serve.inbound.Forwarding;
import mansio.serve.inbound.InboundSettings;
import mansio.serve.inbound.Replay;
import mansio.serve.rehearsal.PublicAddress;
import mansio.state.config.Config;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The checks and the judgement of a server, for a command that has its configuration.
 *
 * @param hostname what the server calls itself
 * @param trusted hosts whose mail the server does not check
 * @param forwarding what aliases may send on
 * @param lists whether block lists are among the checks
 */
public record Replays(
        Domain hostname,
        Replay replay,
        Resolver resolver,
        Predicate<InetAddress> trusted,
        Forwarding forwarding,
        boolean lists) {
    private static final Domain LOCALHOST = Domain.parse("localhost");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long USUAL_MESSAGE_BYTES = 50L << 20;

    /**
     * Asks the DNS as the server does.
     *
     * @param config empty for what a server without one does
     * @throws IOException when it is wrong, with a sentence
     */
    public static Replays of(Optional<Config> config, Machine machine) throws IOException {
        ServerFacts.Checking checking =
                config.isPresent() ? CheckSettings.of(config.get()) : ServerFacts.Checking.USUAL;
        Domain hostname = config.map(Config::hostname).orElse(LOCALHOST);
        Forwarding forwarding =
                config.isPresent()
                        ? ConfiguredServer.forwarding(config.get().forward())
                        : Forwarding.USUAL;
        long maxMessageBytes =
                config.map(it -> it.limits().messageSize().bytes()).orElse(USUAL_MESSAGE_BYTES);
        Resolver resolver =
                config.map(it -> LookUps.resolver(it.dns(), machine))
                        .orElseGet(() -> LookUps.usual(machine));
        Replay replay =
                new Replay(
                        CheckSettings.checks(hostname, checking, resolver, machine),
                        new InboundSettings(
                                hostname.text(), maxMessageBytes, forwarding, checking.policy()));
        return new Replays(
                hostname,
                replay,
                resolver,
                config.map(it -> ConfiguredServer.anyOf(it.networks().trusted()))
                        .orElse(_ -> false),
                forwarding,
                !checking.lists().isEmpty());
    }

    /**
     * The address that mail leaves from, as the DNS tells it of our name; IPv4 when there are both.
     *
     * @throws IOException when it cannot be told now, with a sentence
     */
    public Optional<InetAddress> ownAddress(Machine machine) throws IOException {
        return PublicAddress.of(resolver, hostname, machine.time().deadline(PATIENCE)).stream()
                .findFirst();
    }
}
