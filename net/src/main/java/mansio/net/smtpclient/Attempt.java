package mansio.net.smtpclient;

import mansio.codec.sasl.ClientMechanism;
import mansio.codec.smtp.Reply;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.listen.TlsFacts;
import mansio.net.smtpclient.Failure.Kind;
import mansio.net.smtpclient.SessionSettings.Protocol;
import mansio.net.smtpclient.Sources.Source;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Opens a session at one address: connection, greeting, EHLO, TLS, log-in. Used once, by one
 * thread.
 */
final class Attempt {
    private final SessionOpening.Around around;
    private final SessionSettings settings;
    private final MailHost host;
    private final SocketAddress peer;
    private final Source source;
    private final List<String> notes = new ArrayList<>();

    /** Of connections that came to nothing. */
    private final List<String> dialogue = new ArrayList<>();

    /** After a broken handshake, where TLS is no must. */
    private boolean inClear;

    private Stage stage = Stage.CONNECT;

    /** Null until connected. */
    private @Nullable SmtpClient client;

    private Optional<SessionTls> tls = Optional.empty();
    private Reply greeting = new Reply(220, "", "");

    /** What became of it. */
    sealed interface Result {
        record Session(SmtpSession session) implements Result {}

        record No(Failure failure) implements Result {}
    }

    /** One step of the way; empty when it went well. */
    @FunctionalInterface
    private interface Step {
        Optional<Failure> run() throws IOException;
    }

    Attempt(
            SessionOpening.Around around,
            SessionSettings settings,
            MailHost host,
            SocketAddress peer) {
        this.around = around;
        this.settings = settings;
        this.host = host;
        this.peer = peer;
        this.source = settings.sources().towards(peer);
    }

    Result run() {
        return switch (attempted()) {
            case Result.Session session -> session;
            case Result.No(Failure it) ->
                    new Result.No(
                            new Failure(
                                    it.kind(), it.host(), it.address(), it.problem(), dialogue));
        };
    }

    private Result attempted() {
        Result result = once();
        if (result instanceof Result.No(Failure failure) && clearWillDo(failure)) {
            notes.add(
                    "TLS with %s failed (%s): a new connection in clear"
                            .formatted(host.name(), failure.problem().sentence()));
            inClear = true;
            return once();
        }
        return result;
    }

    private boolean clearWillDo(Failure failure) {
        return failure.problem().stage() == Stage.TLS
                && settings.tls() instanceof TlsPolicy.May
                && settings.begin() == SmtpClient.Begin.PLAIN;
    }

    private Result once() {
        Optional<Failure> failure = Optional.empty();
        boolean opened = false;
        try {
            SmtpClient made = connect();
            List<Step> steps =
                    List.of(
                            this::implicitTls,
                            this::greet,
                            this::hello,
                            this::secure,
                            this::offer,
                            this::login);
            for (Step step : steps) {
                failure = step.run();
                if (failure.isPresent()) {
                    return no(failure.get());
                }
            }
            opened = true;
            return new Result.Session(session(made));
        } catch (Wire.OutOfTurn e) {
            Problem problem =
                    e.farewell()
                            .map(it -> Problem.of(stage, it))
                            .orElseGet(() -> Problem.broken(stage, e));
            return new Result.No(failure(Kind.TEMPORARY, problem));
        } catch (IOException e) {
            Problem problem =
                    stage == Stage.CONNECT
                            ? Problem.unreachable(peer, e)
                            : Problem.broken(stage, e);
            return new Result.No(failure(Kind.TEMPORARY, problem));
        } finally {
            if (!opened && client != null) {
                dialogue.addAll(client.transcript());
                client.close();
            }
        }
    }

    /** RFC 5321 section 4.1.1.10: whoever can still be talked to hears QUIT. */
    private Result no(Failure failure) {
        Problem problem = failure.problem();
        boolean hangsUp = problem.reply().filter(it -> it.code() == 421).isPresent();
        if (problem.stage() != Stage.TLS && !hangsUp) {
            SmtpSession.farewell(client());
        }
        return new Result.No(failure);
    }

    private SmtpClient connect() throws IOException {
        stage = Stage.CONNECT;
        tls = Optional.empty();
        client = null;
        // Any certificate will do for the handshake: what it proves is looked at afterwards.
        Target target = new Target(peer, host.name(), Target.Trust.ANY, source.address());
        long deadline = around.time().deadline(settings.timeouts().connect());
        Connection connection = around.dialer().dial(target, deadline);
        SmtpClient made = new SmtpClient(new Wire(connection, around.time()), settings.timeouts());
        client = made;
        return made;
    }

    private SmtpClient client() {
        return Objects.requireNonNull(client);
    }

    private Optional<Failure> implicitTls() throws IOException {
        if (settings.begin() == SmtpClient.Begin.PLAIN) {
            return Optional.empty();
        }
        stage = Stage.TLS;
        client().wire().startTls(settings.timeouts().handshake());
        return checkCertificate();
    }

    private Optional<Failure> greet() throws IOException {
        stage = Stage.GREETING;
        greeting = client().greeting();
        return greeting.code() == 220 ? Optional.empty() : Optional.of(refused(greeting));
    }

    private Optional<Failure> hello() throws IOException {
        stage = Stage.EHLO;
        Reply reply =
                settings.protocol() == Protocol.LMTP
                        ? client().lhlo(source.ehloName())
                        : client().ehlo(source.ehloName());
        if (reply.isPositive()) {
            return Optional.empty();
        }
        // RFC 5321 section 3.2: HELO for those who know nothing newer.
        if (reply.isPermanent() && settings.heloWillDo() && tls.isEmpty()) {
            Reply old = client().helo(source.ehloName());
            if (old.isPositive()) {
                notes.add(host.name() + " knows HELO only");
                return Optional.empty();
            }
        }
        return Optional.of(refused(reply));
    }

    private Optional<Failure> secure() throws IOException {
        if (tls.isPresent() || inClear || settings.tls() instanceof TlsPolicy.None) {
            return Optional.empty();
        }
        stage = Stage.STARTTLS;
        if (!client().offered().without(settings.ignored()).has("STARTTLS")) {
            return withoutTls(Optional.empty());
        }
        Reply reply;
        try {
            reply = client().startTls();
        } catch (Wire.OutOfTurn e) {
            throw e;
        } catch (IOException e) {
            return Optional.of(
                    failure(
                            Kind.TEMPORARY,
                            Problem.of(Stage.TLS, "4.7.5", "TLS failed: " + e.getMessage())));
        }
        if (reply.code() != 220) {
            return withoutTls(Optional.of(reply));
        }
        stage = Stage.TLS;
        Optional<Failure> untrusted = checkCertificate();
        // RFC 3207 section 4.2: what was offered before counts no more.
        return untrusted.isPresent() ? untrusted : hello();
    }

    private Optional<Failure> withoutTls(Optional<Reply> refusal) {
        String what = refusal.isPresent() ? " refuses STARTTLS" : " offers no STARTTLS";
        if (!settings.tls().required()) {
            notes.add(host.name() + what + ": in clear");
            return Optional.empty();
        }
        // RFC 8689 section 5 and RFC 5248: X.7.10, encryption needed. Never for good: it may be
        // somebody between us who took the offer away.
        Problem problem =
                new Problem(
                        Stage.STARTTLS,
                        refusal,
                        "4.7.10",
                        host.name() + what + ", and TLS is a must");
        return Optional.of(failure(Kind.TEMPORARY, problem));
    }

    private Optional<Failure> checkCertificate() {
        TlsFacts facts = client().connection().tls().orElseThrow();
        boolean named =
                settings.tls() instanceof TlsPolicy.Verify(List<String> wanted)
                        && !wanted.isEmpty();
        List<String> names =
                settings.tls() instanceof TlsPolicy.Verify(List<String> wanted) && named
                        ? wanted
                        : List.of(host.name());
        Optional<String> fault = around.certificates().fault(facts.peerChain(), names);
        SessionTls.Name name =
                named || host.vouchedFor() ? SessionTls.Name.VOUCHED : SessionTls.Name.UNSIGNED;
        tls = Optional.of(new SessionTls(facts, host.name(), name, fault));
        if (fault.isPresent() && settings.tls() instanceof TlsPolicy.Verify) {
            return Optional.of(
                    failure(Kind.TEMPORARY, Problem.of(Stage.TLS, "4.7.5", fault.get())));
        }
        return Optional.empty();
    }

    private Optional<Failure> login() throws IOException {
        if (settings.credentials().isEmpty()) {
            return Optional.empty();
        }
        stage = Stage.AUTH;
        List<ClientMechanism> ways =
                Login.ways(
                        settings.credentials().get(),
                        client().offered().without(settings.ignored()).mechanisms(),
                        client().connection().tls(),
                        around.random());
        Optional<Reply> refusal = Optional.empty();
        for (ClientMechanism way : ways) {
            Reply reply = client().authenticate(way);
            if (reply.isPositive()) {
                return Optional.empty();
            }
            if (!reply.isPermanent()) {
                return Optional.of(refused(reply));
            }
            refusal = Optional.of(reply);
            // RFC 4954 section 4: 504 is about the mechanism, all else about the log-in.
            if (reply.code() != 504) {
                break;
            }
        }
        Problem problem =
                refusal.map(it -> Problem.of(Stage.AUTH, it))
                        .orElseGet(
                                () ->
                                        Problem.of(
                                                Stage.AUTH,
                                                "4.7.0",
                                                host.name() + " offers no AUTH that we may use"));
        return Optional.of(failure(Kind.LOGIN, problem));
    }

    private Optional<Failure> offer() {
        Extensions offered = client().offered().without(settings.ignored());
        for (String keyword : settings.needed()) {
            if (!offered.has(keyword)) {
                String status =
                        switch (keyword) {
                            case "REQUIRETLS" -> "5.7.30";
                            case "SMTPUTF8" -> "5.6.7";
                            case "8BITMIME" -> "5.6.3";
                            default -> "5.5.4";
                        };
                return Optional.of(
                        failure(
                                Kind.PERMANENT,
                                Problem.of(
                                        Stage.OFFER,
                                        status,
                                        host.name() + " does not offer " + keyword)));
            }
        }
        return Optional.empty();
    }

    private SmtpSession session(SmtpClient client) {
        return new SmtpSession(
                client,
                new SmtpSession.Facts(
                        host, peer, greeting.text(), source.ehloName(), tls, List.copyOf(notes)),
                settings,
                around.time());
    }

    /** By the RFC: 5yz is for good, all else is not. */
    private Failure refused(Reply reply) {
        return failure(
                reply.isPermanent() ? Kind.PERMANENT : Kind.TEMPORARY, Problem.of(stage, reply));
    }

    private Failure failure(Kind kind, Problem problem) {
        return new Failure(kind, host.name(), Optional.of(peer), problem, List.of());
    }
}
