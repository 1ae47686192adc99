package mansio.serve.smtpserver;

import static mansio.serve.smtpserver.Sessions.EHLO;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.sasl.ChannelBinding;
import mansio.codec.sasl.ClientMechanism;
import mansio.codec.sasl.ClientStep;
import mansio.codec.sasl.Credentials;
import mansio.codec.sasl.ScramClient;
import mansio.codec.text.Address;
import mansio.serve.inbound.Origin;
import mansio.state.store.AccountId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Log-in and what it allows. */
class SubmissionTest {
    private static final String SMITH = plain("", "smith@foo.com", "pencil");

    private final Sessions submission = new Sessions(Flavour.SUBMISSION);

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String authzid, String authcid, String password) {
        return "AUTH PLAIN " + base64(authzid + '\0' + authcid + '\0' + password) + "\r\n";
    }

    private static String last(ScriptedConnection connection) {
        return connection.lines().getLast();
    }

    private ScriptedConnection tls(String... packets) throws IOException {
        return submission.serve(new ScriptedConnection().underTls().sends(packets));
    }

    @Test
    void plainUnderTls() throws IOException {
        ScriptedConnection connection =
                tls(
                        EHLO,
                        SMITH,
                        "MAIL FROM:<smith@foo.com>\r\nRCPT TO:<x@far.example>\r\nDATA\r\n",
                        "x\r\n.\r\n");

        assertThat(connection.lines()).contains("235 2.7.0 Authentication successful");
        FakeRooms.Message message = submission.rooms.accepted.getFirst();
        assertThat(message.transaction().origin())
                .isEqualTo(new Origin.Submission(new AccountId(1), false));
        assertThat(message.transaction().envelope().source().protocol()).isEqualTo("ESMTPSA");
        assertThat(message.transaction().envelope().source().submitter())
                .contains(new AccountId(1));
        assertThat(message.transaction().recipients().getFirst().forwardPath())
                .isEqualTo(Address.parse("x@far.example"));
    }

    @Test
    void loginAndItsPrompts() throws IOException {
        assertThat(
                        tls(
                                        EHLO,
                                        "AUTH LOGIN\r\n",
                                        base64("smith@foo.com") + "\r\n",
                                        base64("pencil") + "\r\n")
                                .lines())
                .endsWith(
                        "334 VXNlcm5hbWU6",
                        "334 UGFzc3dvcmQ6",
                        "235 2.7.0 Authentication successful");
        assertThat(
                        tls(
                                        EHLO,
                                        "AUTH LOGIN " + base64("smith@foo.com") + "\r\n",
                                        base64("pencil") + "\r\n")
                                .lines())
                .endsWith("334 UGFzc3dvcmQ6", "235 2.7.0 Authentication successful");
    }

    @Test
    void passwordsOnlyUnderTls() throws IOException {
        ScriptedConnection connection = submission.serve(EHLO, SMITH);
        assertThat(connection.said()).doesNotContain("AUTH");
        assertThat(last(connection)).isEqualTo("538 5.7.11 This mechanism needs TLS");

        Sessions local = new Sessions(Flavour.SUBMISSION).local();
        assertThat(last(local.serve(new ScriptedConnection().from("127.0.0.1").sends(EHLO, SMITH))))
                .startsWith("235 ");
        assertThat(last(local.serve(EHLO, SMITH))).startsWith("538 ");
    }

    @Test
    void startTlsThenAuth() throws IOException {
        assertThat(submission.serve(EHLO, "STARTTLS\r\n", EHLO, SMITH).lines())
                .contains("250 AUTH SCRAM-SHA-256 PLAIN LOGIN")
                .endsWith("235 2.7.0 Authentication successful");
    }

    @Test
    void wrongCredentials() throws IOException {
        String refused = "535 5.7.8 User name or password is wrong";
        assertThat(last(tls(EHLO, plain("", "smith@foo.com", "pen")))).isEqualTo(refused);
        assertThat(last(tls(EHLO, plain("", "nobody@foo.com", "pencil")))).isEqualTo(refused);
        assertThat(last(tls(EHLO, plain("jones@foo.com", "smith@foo.com", "pencil"))))
                .isEqualTo(refused);
        assertThat(last(tls(EHLO, plain("smith@foo.com", "smith@foo.com", "pencil"))))
                .startsWith("235 ");
        submission.rooms.authenticator.locked = true;
        assertThat(last(tls(EHLO, SMITH))).startsWith("454 4.7.0 Too many failed");
        submission.rooms.authenticator.trouble = Optional.of(new IOException("disk"));
        assertThat(last(tls(EHLO, SMITH))).startsWith("454 4.7.0 Authentication is not possible");
    }

    @Test
    void exchangesThatGoWrong() throws IOException {
        assertThat(last(tls(EHLO, "AUTH PLAIN\r\n", "*\r\n"))).startsWith("501 5.7.0 ");
        assertThat(last(tls(EHLO, "AUTH PLAIN\r\n", "!\r\n"))).startsWith("501 5.5.2 ");
        assertThat(last(tls(EHLO, "AUTH PLAIN AAAA\r\n"))).startsWith("501 5.5.2 ");
        assertThat(last(tls(EHLO, "AUTH PLAIN !\r\n"))).startsWith("501 5.5.4 ");
        assertThat(last(tls(EHLO, "AUTH PLAIN\r\n", "x".repeat(20_000) + "\r\n")))
                .startsWith("500 5.5.6 ");
        assertThat(last(tls(EHLO, "AUTH CRAM-MD5\r\n"))).startsWith("504 5.5.4 ");
        assertThat(last(tls("AUTH PLAIN\r\n"))).startsWith("503 5.5.1 ");
        assertThat(last(tls("HELO x\r\n", "AUTH PLAIN\r\n"))).startsWith("503 5.5.1 ");
        assertThat(last(tls(EHLO, SMITH, SMITH))).startsWith("503 5.5.1 Authenticated already");
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<>\r\n", SMITH))).startsWith("503 5.5.1 ");
        assertThat(last(new Sessions(Flavour.MX).serve(EHLO, SMITH))).startsWith("502 5.5.1 ");
    }

    @Test
    void sendersAreTheAccountsOwn() throws IOException {
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<jones@foo.com>\r\n")))
                .isEqualTo("550 5.7.1 This account may not send from that address");
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<x@far.example>\r\n"))).startsWith("550 ");
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<>\r\n"))).startsWith("250 ");
        submission.rooms.directory.trouble = Optional.of(new IOException("disk"));
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<jones@foo.com>\r\n"))).startsWith("451 ");
        submission.rooms.directory.trouble = Optional.empty();
        submission.with(new SmtpSettings.Access(_ -> false, _ -> false, SmtpSettings.Senders.ANY));
        assertThat(last(tls(EHLO, SMITH, "MAIL FROM:<x@far.example>\r\n"))).startsWith("250 ");
    }

    // On port 25 our own domain may send too: forwarders and lists do it. DMARC decides.
    @Test
    void ownDomainFromOutsideIsNotRefused() throws IOException {
        assertThat(last(new Sessions(Flavour.MX).serve(EHLO, "MAIL FROM:<smith@foo.com>\r\n")))
                .startsWith("250 ");
    }

    @Test
    void scramWithAndWithoutChannelBinding() throws IOException {
        byte[] exporter = {1, 2, 3};
        byte[] endPoint = {4, 5};
        for (ScramClient.Binding binding :
                List.of(
                        new ScramClient.Binding.None(),
                        new ScramClient.Binding.To(
                                new ChannelBinding(ChannelBinding.TLS_EXPORTER, exporter)),
                        new ScramClient.Binding.To(
                                new ChannelBinding(
                                        ChannelBinding.TLS_SERVER_END_POINT, endPoint)))) {
            ScriptedConnection connection =
                    new ScriptedConnection().withBindings(exporter, endPoint).underTls();
            ScramClient client = scram("smith@foo.com", "pencil", binding);
            assertThat(exchange(connection, client)).startsWith("235 ");
            assertThat(client.mayComplete()).isTrue();
            assertThat(connection.lines())
                    .contains("250 AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN");
        }
    }

    @Test
    void scramRefuses() throws IOException {
        ScramClient.Binding none = new ScramClient.Binding.None();
        assertThat(
                        exchange(
                                new ScriptedConnection().underTls(),
                                scram("smith@foo.com", "pen", none)))
                .startsWith("535 5.7.8 ");
        assertThat(
                        exchange(
                                new ScriptedConnection().underTls(),
                                scram("nobody@foo.com", "pencil", none)))
                .startsWith("535 5.7.8 ");
        assertThat(submission.rooms.authenticator.failures).isEqualTo(2);
        // Somebody hid -PLUS from the client.
        assertThat(
                        exchange(
                                new ScriptedConnection()
                                        .withBindings(new byte[] {1}, new byte[] {2})
                                        .underTls(),
                                scram(
                                        "smith@foo.com",
                                        "pencil",
                                        new ScramClient.Binding.NotOffered())))
                .startsWith("535 5.7.8 The channel bindings");
        submission.rooms.authenticator.scram = false;
        assertThat(tls(EHLO).said()).doesNotContain("SCRAM");
    }

    private static ScramClient scram(String name, String password, ScramClient.Binding binding) {
        return new ScramClient(
                new Credentials(Optional.empty(), name, password),
                binding,
                new SplittableRandom(1));
    }

    /** Lets the client answer each 334; gives the last line. */
    private String exchange(ScriptedConnection connection, ClientMechanism client)
            throws IOException {
        byte[] first = ((ClientStep.Response) client.step(new byte[0])).data();
        connection.sends(
                EHLO,
                "AUTH "
                        + client.mechanism().saslName()
                        + " "
                        + Base64.getEncoder().encodeToString(first)
                        + "\r\n");
        connection.whenSilent(
                () -> {
                    String line = last(connection);
                    if (line.startsWith("334 ")
                            && client.step(Base64.getDecoder().decode(line.substring(4)))
                                    instanceof ClientStep.Response(byte[] response)) {
                        connection.sends(Base64.getEncoder().encodeToString(response) + "\r\n");
                    }
                });
        return last(submission.serve(connection));
    }

    @Test
    void aChangedPasswordEndsTheSession() {
        ScriptedConnection connection = new ScriptedConnection().underTls().sends(EHLO, SMITH);
        connection.whenSilent(
                () ->
                        submission.rooms.listeners.forEach(
                                it -> it.listener().changed(new AccountId(1), 2)));
        assertThatThrownBy(() -> submission.serve(connection)).isInstanceOf(IOException.class);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void anotherAccountsPasswordEndsNothing() throws IOException {
        ScriptedConnection connection = new ScriptedConnection().underTls().sends(EHLO, SMITH);
        connection.whenSilent(
                () ->
                        submission.rooms.listeners.forEach(
                                it -> {
                                    it.listener().changed(new AccountId(2), 2);
                                    it.listener().changed(new AccountId(1), 1);
                                }));
        submission.serve(connection);
        assertThat(connection.closed).isFalse();
    }
}
