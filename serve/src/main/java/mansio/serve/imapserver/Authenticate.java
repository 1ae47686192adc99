package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.CommandFeed.LineTooLongException;
import mansio.codec.imap.Reply;
import mansio.codec.sasl.Mechanism;
import mansio.codec.sasl.ServerMechanism;
import mansio.serve.login.LogInExchange;
import mansio.serve.login.LogInExchange.Progress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** AUTHENTICATE: RFC 9051 section 6.2.2, RFC 4959. */
final class Authenticate {
    /** A response of {@link ServerMechanism#MAX_MESSAGE} octets in base64. */
    private static final int MAX_LINE = ServerMechanism.MAX_MESSAGE / 3 * 4 + 4;

    private final Call call;
    private final LogInExchange exchange;

    private Authenticate(Call call, LogInExchange exchange) {
        this.call = call;
        this.exchange = exchange;
    }

    static Reply handle(Call call, Command.Authenticate command) throws IOException {
        SessionState session = call.session();
        if (!LogIn.allowed(session)) {
            return Replies.NEED_TLS;
        }
        Optional<Mechanism> mechanism = Mechanism.named(command.mechanism());
        if (mechanism.isEmpty() || !LogIn.offered(session).contains(mechanism.get())) {
            return Replies.UNKNOWN_MECHANISM;
        }
        LogInExchange exchange =
                session.rooms()
                        .logIns()
                        .begin(
                                mechanism.get(),
                                LogIn.client(session),
                                session.environment().random());
        return new Authenticate(call, exchange).run(command.initialResponse());
    }

    private Reply run(Optional<String> initialResponse) throws IOException {
        Optional<byte[]> message =
                initialResponse.isPresent()
                        ? decoded(initialResponse.get().equals("=") ? "" : initialResponse.get())
                        : answer(exchange.start());
        while (message.isPresent()) {
            switch (exchange.step(message.get())) {
                case Progress.Challenge challenge -> message = answer(challenge);
                case Progress.Ended ended -> {
                    return LogIn.reply(call, ended.result());
                }
            }
        }
        exchange.cancel();
        return Replies.AUTH_CANCELLED;
    }

    /** What the client says to a challenge; empty when it gave up or sent no base64. */
    private Optional<byte[]> answer(Progress.Challenge challenge) throws IOException {
        call.out().goAhead(Base64.getEncoder().encodeToString(challenge.data()));
        call.wire().expectLine();
        try {
            byte[] line = call.wire().line(MAX_LINE);
            return decoded(new String(line, StandardCharsets.ISO_8859_1));
        } catch (LineTooLongException e) {
            return Optional.empty();
        }
    }

    // RFC 9051 section 6.2.2: a line of "*" cancels.
    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
