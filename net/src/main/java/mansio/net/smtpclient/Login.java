package mansio.net.smtpclient;

import mansio.codec.sasl.ChannelBinding;
import mansio.codec.sasl.ClientMechanism;
import mansio.codec.sasl.Credentials;
import mansio.codec.sasl.LoginClient;
import mansio.codec.sasl.Mechanism;
import mansio.codec.sasl.PlainClient;
import mansio.codec.sasl.ScramClient;
import mansio.codec.sasl.ScramClient.Binding;
import mansio.net.listen.TlsFacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which mechanisms of AUTH to try, the strongest first. */
final class Login {
    private Login() {}

    /** Empty when the server offers none that may be used: never a password in clear. */
    static List<ClientMechanism> ways(
            Credentials credentials,
            Set<Mechanism> offered,
            Optional<TlsFacts> tls,
            RandomGenerator random) {
        List<ClientMechanism> ways = new ArrayList<>();
        Optional<ChannelBinding> channel = tls.flatMap(Login::channel);
        boolean plus = offered.contains(Mechanism.SCRAM_SHA_256_PLUS);
        if (plus && channel.isPresent()) {
            ways.add(new ScramClient(credentials, new Binding.To(channel.get()), random));
        }
        if (offered.contains(Mechanism.SCRAM_SHA_256)) {
            // RFC 5802 section 6: "y" tells a server that does offer -PLUS of the man between us.
            Binding binding =
                    channel.isPresent() && !plus ? new Binding.NotOffered() : new Binding.None();
            ways.add(new ScramClient(credentials, binding, random));
        }
        if (tls.isPresent() && offered.contains(Mechanism.PLAIN)) {
            ways.add(new PlainClient(credentials));
        }
        if (tls.isPresent() && offered.contains(Mechanism.LOGIN)) {
            ways.add(new LoginClient(credentials));
        }
        return ways;
    }

    private static Optional<ChannelBinding> channel(TlsFacts facts) {
        Optional<ChannelBinding> exporter =
                facts.bindings()
                        .exporter()
                        .map(it -> new ChannelBinding(ChannelBinding.TLS_EXPORTER, it));
        return exporter.or(
                () ->
                        facts.bindings()
                                .serverEndPoint()
                                .map(
                                        it ->
                                                new ChannelBinding(
                                                        ChannelBinding.TLS_SERVER_END_POINT, it)));
    }
}
