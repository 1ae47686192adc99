package mansio.app.wiring;

import mansio.codec.text.Domain;
import mansio.serve.inbound.Forwarding;
import mansio.serve.inbound.InboundSettings;
import mansio.serve.inbound.Replay;
import mansio.state.config.Config;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The checks and the judgement of a server, for a command that has its configuration.
 *
 * @param trusted hosts whose mail the server does not check
 * @param forwarding what aliases may send on
 */
public record Replays(Replay replay, Predicate<InetAddress> trusted, Forwarding forwarding) {
    private static final Domain LOCALHOST = Domain.parse("localhost");
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
        Replay replay =
                new Replay(
                        CheckSettings.checks(
                                hostname,
                                checking,
                                config.map(it -> LookUps.resolver(it.dns(), machine))
                                        .orElseGet(() -> LookUps.usual(machine)),
                                machine),
                        new InboundSettings(
                                hostname.text(), maxMessageBytes, forwarding, checking.policy()));
        return new Replays(
                replay,
                config.map(it -> ConfiguredServer.anyOf(it.networks().trusted()))
                        .orElse(_ -> false),
                forwarding);
    }
}
