package mansio.serve.imapserver;

import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.sasl.ChannelBinding;
import mansio.codec.sasl.Mechanism;
import mansio.net.listen.TlsFacts;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What LOGIN and AUTHENTICATE share: who may, and how it ends. */
final class LogIn {
    private LogIn() {}

    /** The mechanisms that would be accepted now: RFC 9051 section 6.2.2. */
    static List<Mechanism> offered(SessionState session) throws IOException {
        List<Mechanism> offered = new ArrayList<>(4);
        if (!allowed(session)) {
            return offered;
        }
        if (session.rooms().authenticator().offersScram()) {
            if (!bindings(session).isEmpty()) {
                offered.add(Mechanism.SCRAM_SHA_256_PLUS);
            }
            offered.add(Mechanism.SCRAM_SHA_256);
        }
        offered.add(Mechanism.PLAIN);
        offered.add(Mechanism.LOGIN);
        return offered;
    }

    /** Nobody logs in over a channel that others can read, unless the settings say so. */
    static boolean allowed(SessionState session) {
        return session.tls().isPresent() || session.settings().plainLogin().test(session.peer());
    }

    static List<ChannelBinding> bindings(SessionState session) {
        List<ChannelBinding> bindings = new ArrayList<>(2);
        Optional<TlsFacts.ChannelBindings> facts = session.tls().map(TlsFacts::bindings);
        facts.flatMap(TlsFacts.ChannelBindings::exporter)
                .ifPresent(it -> bindings.add(new ChannelBinding(ChannelBinding.TLS_EXPORTER, it)));
        facts.flatMap(TlsFacts.ChannelBindings::serverEndPoint)
                .ifPresent(
                        it ->
                                bindings.add(
                                        new ChannelBinding(
                                                ChannelBinding.TLS_SERVER_END_POINT, it)));
        return bindings;
    }

    /**
     * The end of an attempt. Nobody acts as somebody else yet: an authzid may only be another name
     * of the same account.
     */
    static Reply result(Call call, Authenticator.Result result, Optional<String> authzid)
            throws IOException {
        return switch (result) {
            case Authenticator.Success(Account account) -> success(call, account, authzid);
            case Authenticator.Refused _ -> Replies.BAD_CREDENTIALS;
            case Authenticator.Locked _ -> Replies.TOO_MANY_LOGINS;
        };
    }

    private static Reply success(Call call, Account account, Optional<String> authzid)
            throws IOException {
        SessionState session = call.session();
        if (authzid.isPresent()
                && !session.rooms().directory().isLoginName(account.id(), authzid.get())) {
            return Replies.NOT_YOURS;
        }
        if (!session.mayEnter(account)) {
            return Replies.TOO_MANY_SESSIONS;
        }
        session.logIn(account);
        call.wire().loggedIn();
        return Reply.ok(new ResponseCode.Capability(Capabilities.of(session)), "Logged in");
    }
}
