package mansio.codec.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Seeds;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** SCRAM against the examples of RFC 7677, and against whoever tampers with it. */
class ScramTest {
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final ScramKeys PENCIL = ScramKeys.derive("pencil", SALT, 4096).orElseThrow();
    private static final ChannelBinding EXPORTER =
            new ChannelBinding(ChannelBinding.TLS_EXPORTER, new byte[] {1, 2, 3});
    private static final ChannelBinding END_POINT =
            new ChannelBinding(ChannelBinding.TLS_SERVER_END_POINT, new byte[] {4, 5});

    private static ScramServer server(boolean plus, ChannelBinding... bindings) {
        return new ScramServer(plus, List.of(bindings), _ -> PENCIL, SERVER_NONCE);
    }

    private static ScramClient client(String password, ScramClient.Binding binding) {
        return new ScramClient(
                new Credentials(Optional.empty(), "user", password), binding, CLIENT_NONCE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Step step) {
        assertThat(step).isInstanceOf(Step.Challenge.class);
        return new String(((Step.Challenge) step).data(), StandardCharsets.UTF_8);
    }

    /** Runs both sides against each other. */
    private static Step exchange(ScramClient client, ServerMechanism server) throws IOException {
        byte[] challenge = new byte[0];
        while (true) {
            if (!(client.step(challenge) instanceof ClientStep.Response(byte[] response))) {
                throw new AssertionError("the client gave up");
            }
            Step step = server.step(response);
            if (!(step instanceof Step.Challenge(byte[] data))) {
                assertThat(client.mayComplete()).isEqualTo(step instanceof Step.Success);
                return step;
            }
            challenge = data;
        }
    }

    // RFC 7677 section 3
    @Test
    void serverAnswersTheExample() throws IOException {
        ScramServer server = server(false);

        assertThat(text(server.step(bytes("n,,n=user,r=" + CLIENT_NONCE))))
                .isEqualTo(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(
                        text(
                                server.step(
                                        bytes(
                                                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj"
                                                    + ")hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgs"
                                                    + "qmmiz7AndVQ="))))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(server.step(new byte[0])).isEqualTo(new Step.Success(Optional.empty(), "user"));
    }

    // RFC 7677 section 3
    @Test
    void clientSpeaksTheExample() {
        ScramClient client = client("pencil", new ScramClient.Binding.None());

        assertThat(client.step(new byte[0]))
                .isInstanceOfSatisfying(
                        ClientStep.Response.class,
                        it ->
                                assertThat(it.data())
                                        .asString()
                                        .isEqualTo("n,,n=user,r=" + CLIENT_NONCE));
        assertThat(
                        client.step(
                                bytes(
                                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")))
                .isInstanceOfSatisfying(
                        ClientStep.Response.class,
                        it ->
                                assertThat(it.data())
                                        .asString()
                                        .endsWith(
                                                ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        assertThat(client.mayComplete()).isFalse();
        client.step(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assertThat(client.mayComplete()).isTrue();
    }

    @Test
    void clientRefusesAServerThatDoesNotKnowThePassword() {
        ScramClient client = client("pencil", new ScramClient.Binding.None());
        client.step(new byte[0]);
        client.step(bytes("r=" + CLIENT_NONCE + "x,s=QSXCR+Q6sek8bf92,i=4096"));

        assertThat(client.step(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")))
                .isInstanceOf(ClientStep.Failure.class);
        assertThat(client.mayComplete()).isFalse();
    }

    @Test
    void clientRefusesForeignNonceAndBadIterations() {
        for (String first :
                List.of(
                        "r=other,s=QSXCR+Q6sek8bf92,i=4096",
                        "r=" + CLIENT_NONCE + ",s=QSXCR+Q6sek8bf92,i=4096",
                        "r=" + CLIENT_NONCE + "x,s=QSXCR+Q6sek8bf92,i=1",
                        "r=" + CLIENT_NONCE + "x,s=QSXCR+Q6sek8bf92,i=99999999",
                        "m=ext,r=" + CLIENT_NONCE + "x,s=QSXCR+Q6sek8bf92,i=4096")) {
            ScramClient client = client("pencil", new ScramClient.Binding.None());
            client.step(new byte[0]);
            assertThat(client.step(bytes(first))).as(first).isInstanceOf(ClientStep.Failure.class);
        }
    }

    @Test
    void wrongPasswordFails() throws IOException {
        assertThat(exchange(client("pen", new ScramClient.Binding.None()), server(false)))
                .isEqualTo(new Step.Failure(Step.Cause.CREDENTIALS));
    }

    @Test
    void bothBindingsWork() throws IOException {
        for (ChannelBinding binding : List.of(EXPORTER, END_POINT)) {
            assertThat(
                            exchange(
                                    client("pencil", new ScramClient.Binding.To(binding)),
                                    server(true, EXPORTER, END_POINT)))
                    .isEqualTo(new Step.Success(Optional.empty(), "user"));
        }
    }

    @Test
    void aManInTheMiddleHasAnotherChannel() throws IOException {
        ChannelBinding other = new ChannelBinding(EXPORTER.type(), new byte[] {9, 9, 9});

        assertThat(
                        exchange(
                                client("pencil", new ScramClient.Binding.To(other)),
                                server(true, EXPORTER, END_POINT)))
                .isEqualTo(new Step.Failure(Step.Cause.CHANNEL_BINDING));
    }

    // RFC 5802 section 6
    @Test
    void hiddenPlusIsNoticed() throws IOException {
        assertThat(server(false, EXPORTER).step(bytes("y,,n=user,r=abc")))
                .isEqualTo(new Step.Failure(Step.Cause.CHANNEL_BINDING));
        assertThat(server(false).step(bytes("y,,n=user,r=abc"))).isInstanceOf(Step.Challenge.class);
        assertThat(server(false, EXPORTER).step(bytes("n,,n=user,r=abc")))
                .isInstanceOf(Step.Challenge.class);
    }

    @Test
    void flagMustFitTheMechanism() throws IOException {
        for (String first : List.of("n,,n=user,r=abc", "y,,n=user,r=abc")) {
            assertThat(server(true, EXPORTER).step(bytes(first)))
                    .isEqualTo(new Step.Failure(Step.Cause.CHANNEL_BINDING));
        }
        assertThat(server(false, EXPORTER).step(bytes("p=tls-exporter,,n=user,r=abc")))
                .isEqualTo(new Step.Failure(Step.Cause.CHANNEL_BINDING));
        assertThat(server(true, EXPORTER).step(bytes("p=tls-unique,,n=user,r=abc")))
                .isEqualTo(new Step.Failure(Step.Cause.CHANNEL_BINDING));
    }

    @Test
    void authzidAndQuotedNamesArriveDecoded() throws IOException {
        ScramClient client =
                new ScramClient(
                        new Credentials(Optional.of("bo,ss"), "a=b,c", "pencil"),
                        new ScramClient.Binding.None(),
                        CLIENT_NONCE);

        assertThat(exchange(client, server(false)))
                .isEqualTo(new Step.Success(Optional.of("bo,ss"), "a=b,c"));
    }

    @Test
    void malformedFirstMessages() throws IOException {
        for (String first :
                List.of(
                        "",
                        "n",
                        "n,,",
                        "x,,n=user,r=abc",
                        "n,,n=,r=abc",
                        "n,,n=user",
                        "n,,n=user,r=",
                        "n,,n=us=er,r=abc",
                        "n,,n=us=2cer,r=abc",
                        "n,,m=ext,n=user,r=abc",
                        "n,,n=user,r=abc,m=x",
                        "n,,n=user,r=a bc",
                        "n,,n=user,r=\u00e4",
                        "n,,n=us\0er,r=abc",
                        "n,a=,n=user,r=abc",
                        "n,,n=\u0007,r=abc",
                        "n,,n=user,r=" + "x".repeat(600))) {
            assertThat(server(false).step(bytes(first)))
                    .as(first)
                    .isEqualTo(new Step.Failure(Step.Cause.MALFORMED));
        }
        assertThat(server(false).step(new byte[] {'n', ',', ',', (byte) 0xff}))
                .isEqualTo(new Step.Failure(Step.Cause.MALFORMED));
        assertThat(server(false).step(bytes("n,,n=user,r=abc,x=1,y=2")))
                .isInstanceOf(Step.Challenge.class);
    }

    @Test
    void malformedFinalMessages() throws IOException {
        String nonce = "abc" + SERVER_NONCE;
        for (String last :
                List.of(
                        "",
                        "c=biws",
                        "c=biws,r=" + nonce,
                        "c=biws,r=abc,p=AAAA",
                        "c=biws,r=" + nonce + ",p=",
                        "c=biws,r=" + nonce + ",p=A===",
                        "c=biws,r=" + nonce + ",p=AAA",
                        "c=biws,r=" + nonce + ",m=1,p=AAAA",
                        "c=biws,r=" + nonce + ",p=AAAA,p=AAAA")) {
            ScramServer server = server(false);
            server.step(bytes("n,,n=user,r=abc"));
            assertThat(server.step(bytes(last))).as(last).isInstanceOf(Step.Failure.class);
        }
    }

    @Test
    void passwordsArePrepared() {
        // RFC 4013 section 3: SOFT HYPHEN is mapped to nothing, ROMAN NUMERAL NINE to IX.
        assertThat(Saslprep.prepare("I\u00adX")).contains("IX");
        assertThat(Saslprep.prepare("user")).contains("user");
        assertThat(Saslprep.prepare("\u00aa")).contains("a");
        assertThat(Saslprep.prepare("\u2168")).contains("IX");
        assertThat(Saslprep.prepare("\u0007")).isEmpty();
        assertThat(Saslprep.prepare("\u0627\u0031")).isEmpty();
        assertThat(Saslprep.prepare("x".repeat(2000))).isEmpty();
        assertThat(Saslprep.prepare("\u00ad")).isEmpty();
    }

    @Test
    void fuzz() throws IOException {
        long seed = Seeds.first(System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        String alphabet = "nyp=,,,acrmsivAZ=+/%09 \u00e4\0";
        String[] starts = {"", "n,,n=user,r=abc", "c=biws,r=", "r=" + CLIENT_NONCE + "x,s=", "v="};
        for (int i = 0; i < Seeds.count(20_000); i++) {
            StringBuilder message = new StringBuilder(starts[random.nextInt(starts.length)]);
            for (int n = random.nextInt(30); n > 0; n--) {
                message.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ScramServer server = server(random.nextBoolean(), EXPORTER);
            if (random.nextBoolean()) {
                server.step(bytes("p=tls-exporter,,n=user,r=abc"));
            }
            ScramClient client = client("pencil", new ScramClient.Binding.NotOffered());
            client.step(new byte[0]);
            try {
                assertThat(server.step(bytes(message.toString())))
                        .as("seed %d", seed)
                        .isNotInstanceOf(Step.Success.class);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("exchange is over");
            }
            if (!message.toString().contains("i=")) { // Keeps the fuzz from hashing all day.
                client.step(bytes(message.toString()));
            }
            assertThat(client.mayComplete()).isFalse();
        }
    }
}
