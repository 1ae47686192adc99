package mansio.serve.imapserver;

import mansio.codec.imap.BadCommandException;
import mansio.codec.imap.Command;
import mansio.codec.imap.CommandFeed.LineTooLongException;
import mansio.codec.imap.CommandInput;
import mansio.codec.imap.CommandParser;
import mansio.codec.imap.Limits;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.imap.ResponseWriter;
import mansio.net.listen.Connection;
import mansio.serve.imapserver.Updates.Telling;
import mansio.serve.login.LoggedInSessions;
import mansio.state.directory.Account;
import mansio.state.store.LowSpaceException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.io.IOException;
import java.util.Optional;

/**
 * One IMAP session: reads commands, has them served, tells what has changed, writes the tagged
 * reply. Owned by the connection's thread; IDLE alone lets another thread write ({@link Idle}).
 */
final class ImapSession {
    private static final Logger LOG = LoggerFactory.getLogger(ImapSession.class);
    private static final String UNTAGGED = "*";

    private final Connection connection;
    private final SessionState session;
    private final LoggedInSessions loggedIn;
    private final Wire wire;
    private final ResponseWriter out;
    private final Updates updates;
    private int errors;
    private int failedLogIns;

    ImapSession(Connection connection, SessionState session, LoggedInSessions loggedIn) {
        this.connection = connection;
        this.session = session;
        this.loggedIn = loggedIn;
        this.wire =
                new Wire(connection, session.environment(), session.settings().limits().timeouts());
        this.out = wire.out();
        this.updates = new Updates(session.enabled(), out);
    }

    /** Serves the session to its end. */
    void run() throws IOException {
        try {
            greet();
            while (!(session.state() instanceof State.Logout)) {
                command();
            }
            wire.expectBlock();
            out.flush();
        } catch (PeerGoneException e) {
            sayWhyItEnds(e);
            throw e;
        } catch (RuntimeException | AssertionError e) {
            LOG.atError().addKeyValue("sid", connection.id()).setCause(e).log("our fault");
            bye(ResponseCode.Plain.SERVERBUG, "Our fault, please connect again");
        } finally {
            loggedIn.remove(connection);
            session.end();
            wire.release();
        }
    }

    // RFC 9051 section 7.1: OK greeting, with the capabilities that save a round trip
    private void greet() throws IOException {
        out.untagged(
                Reply.ok(
                        new ResponseCode.Capability(Capabilities.of(session)),
                        session.settings().hostname() + " Mansio"));
    }

    /**
     * RFC 9051 section 7.1.5: a client that still listens is told that the server stops, or that it
     * was silent for too long itself (section 5.4).
     */
    private void sayWhyItEnds(PeerGoneException ended) {
        if (ended.ending().isEmpty()) {
            return;
        }
        String why =
                switch (ended.ending().get()) {
                    case STOPPING -> "Shutting down, please connect again";
                    case DEADLINE -> "Autologout, idle for too long";
                };
        try {
            bye(ResponseCode.Plain.UNAVAILABLE, why);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("sid", connection.id()).log("gone before its BYE");
        }
    }

    private void bye(ResponseCode code, String text) throws IOException {
        session.logOut();
        if (out.isWhole()) {
            wire.expectFarewell();
            out.bye(Optional.of(code), text);
            out.flush();
        }
    }

    private void command() throws IOException {
        updates.rest();
        wire.expectLine();
        CommandInput in;
        try {
            in = new CommandInput(wire, limits());
            wire.begin();
        } catch (LineTooLongException e) {
            reply(UNTAGGED, Replies.LINE_TOO_LONG);
            // It may have ended in {n+}: what follows would be a literal, not commands.
            if (!(session.state() instanceof State.Logout)) {
                bye(ResponseCode.Plain.LIMIT, "Line too long");
            }
            return;
        }
        String tag = UNTAGGED;
        Reply reply;
        try {
            CommandParser parser = new CommandParser(in, session.form());
            tag = parser.tag();
            reply = serve(tag, parser.command(), in);
        } catch (BadCommandException e) {
            reply = new Reply(Reply.Status.BAD, e.code(), e.text());
        }
        if (session.state() instanceof State.Logout) {
            return;
        }
        if (reply.status() != Reply.Status.OK && !in.skipRest()) {
            reply(tag, reply);
            bye(ResponseCode.Plain.LIMIT, "Too much to skip");
            return;
        }
        reply(tag, reply);
    }

    private Limits limits() {
        return session.state() instanceof State.NotAuthenticated
                ? Limits.BEFORE_LOGIN
                : Limits.AFTER_LOGIN;
    }

    private void reply(String tag, Reply reply) throws IOException {
        if (tag.equals(UNTAGGED)) {
            out.untagged(reply);
        } else if (!reply.equals(Replies.TLS_BEGIN)) {
            out.tagged(tag, reply);
        }
        errors = reply.status() == Reply.Status.BAD ? errors + 1 : 0;
        if (errors > session.settings().limits().maxErrors()) {
            bye(ResponseCode.Plain.CLIENTBUG, "Too many errors");
        } else if (failedLogIns >= session.settings().limits().maxFailedLogIns()) {
            bye(ResponseCode.Plain.UNAVAILABLE, "Too many failed log-ins");
        }
    }

    /** Our own trouble becomes a reply that says so, never a refusal for good. */
    private Reply serve(String tag, Command command, CommandInput in)
            throws IOException, BadCommandException {
        try {
            Call call = new Call(tag, session, wire, updates);
            Reply reply = dispatch(call, command, in);
            tellChanges(command);
            return reply;
        } catch (PeerGoneException e) {
            throw e;
        } catch (IOException e) {
            warn("cannot tell now", e);
            if (!out.isWhole()) {
                // In the middle of a response there is no way to say it.
                throw new PeerGoneException("a response that could not be finished");
            }
            return e instanceof LowSpaceException ? Replies.DISK_FULL : Replies.TRY_LATER;
        }
    }

    /** What a full disk does to all sessions is logged once, by the store. */
    private void warn(String what, IOException trouble) {
        if (trouble instanceof LowSpaceException) {
            LOG.atDebug()
                    .addKeyValue("sid", connection.id())
                    .log("{}: {}", what, trouble.getMessage());
        } else {
            LOG.atWarn().addKeyValue("sid", connection.id()).setCause(trouble).log(what);
        }
    }

    /**
     * RFC 9051 section 7.5.1: by sequence number, numbers must not change during the command. What
     * SELECT says is of one moment; what came since then is told by the next command.
     */
    private void tellChanges(Command command) throws IOException {
        if (!(session.state() instanceof State.Selected selected)
                || command instanceof Command.Select
                || command instanceof Command.Examine) {
            return;
        }
        boolean later =
                switch (command) {
                    case Command.Fetch fetch -> !fetch.uid();
                    case Command.Store store -> !store.uid();
                    case Command.Search search -> !search.uid();
                    case Command.InAnyState _,
                            Command.NotAuthenticated _,
                            Command.Authenticated _,
                            Command.Selected _,
                            Command.Unknown _ ->
                            false;
                };
        Telling telling = later ? Telling.NO_EXPUNGES : Telling.ALL;
        if (!updates.tell(selected.owner().mail(), selected.mailbox(), telling)) {
            bye(ResponseCode.Plain.NONEXISTENT, "The selected mailbox was deleted");
        }
    }

    private Reply dispatch(Call call, Command command, CommandInput in)
            throws IOException, BadCommandException {
        return switch (command) {
            case Command.InAnyState any -> inAnyState(call, any);
            case Command.NotAuthenticated nonAuth -> notAuthenticated(call, nonAuth);
            case Command.Authenticated auth ->
                    session.state() instanceof State.LoggedIn
                            ? authenticated(call, auth, in)
                            : Replies.LOG_IN_FIRST;
            case Command.Selected selected -> selected(call, selected);
            case Command.Unknown _ -> Replies.UNKNOWN_COMMAND;
        };
    }

    private Reply inAnyState(Call call, Command.InAnyState command) throws IOException {
        return switch (command) {
            case Command.Capability _ -> {
                out.capability(Capabilities.of(session));
                yield Replies.COMPLETED;
            }
            case Command.Noop _ -> Replies.COMPLETED;
            case Command.Id id -> Id.handle(call, id);
            case Command.Logout _ -> {
                out.bye(Optional.empty(), "Logging out");
                out.tagged(call.tag(), Replies.COMPLETED);
                session.logOut();
                yield Replies.COMPLETED;
            }
        };
    }

    private Reply notAuthenticated(Call call, Command.NotAuthenticated command) throws IOException {
        if (!(session.state() instanceof State.NotAuthenticated)) {
            return Replies.LOGGED_IN_ALREADY;
        }
        return switch (command) {
            case Command.StartTls _ -> StartTls.handle(call);
            case Command.Authenticate auth -> afterLogIn(Authenticate.handle(call, auth));
            case Command.Login login -> afterLogIn(Login.handle(call, login));
        };
    }

    /** A log-in is remembered, and so is one that failed, for whatever reason of the client's. */
    private Reply afterLogIn(Reply reply) throws IOException {
        if (session.state() instanceof State.LoggedIn now) {
            failedLogIns = 0;
            logLogIn().addKeyValue("account", now.owner().account().address()).log("logged in");
            loggedIn.add(connection, now.owner().account());
            endIfChanged(now.owner().account());
        } else {
            failedLogIns++;
            logLogIn().log("log-in refused: {}", reply.text());
        }
        return reply;
    }

    private LoggingEventBuilder logLogIn() {
        return LOG.atInfo()
                .addKeyValue("sid", connection.id())
                .addKeyValue("peer", session.peer().getHostAddress());
    }

    /** The password may have been changed while this log-in was checked, before it was known. */
    private void endIfChanged(Account account) throws IOException {
        Optional<Account> current = session.rooms().directory().account(account.id());
        if (current.isEmpty()
                || !current.get().enabled()
                || current.get().credentialVersion() > account.credentialVersion()) {
            connection.close();
        }
    }

    private Reply authenticated(Call call, Command.Authenticated command, CommandInput in)
            throws IOException, BadCommandException {
        return switch (command) {
            case Command.Enable enable -> Enable.handle(call, enable);
            case Command.Select select -> Select.select(call, select);
            case Command.Examine examine -> Select.examine(call, examine);
            case Command.Create create -> Create.handle(call, create);
            case Command.Delete delete -> Delete.handle(call, delete);
            case Command.Rename rename -> Rename.handle(call, rename);
            case Command.Subscribe subscribe -> Subscribe.handle(call, subscribe);
            case Command.Unsubscribe unsubscribe -> Unsubscribe.handle(call, unsubscribe);
            case Command.ListMailboxes list -> ListMailboxes.handle(call, list);
            case Command.Lsub lsub -> Lsub.handle(call, lsub);
            case Command.Namespace _ -> {
                out.namespace("", '/');
                yield Replies.COMPLETED;
            }
            case Command.Status status -> Status.handle(call, status);
            case Command.Append append -> Append.handle(call, append, in);
            case Command.Idle _ -> Idle.handle(call, connection);
        };
    }

    private Reply selected(Call call, Command.Selected command) throws IOException {
        if (session.selected().isEmpty()) {
            return session.state() instanceof State.LoggedIn
                    ? Replies.SELECT_FIRST
                    : Replies.LOG_IN_FIRST;
        }
        return switch (command) {
            case Command.Check _ -> Replies.COMPLETED;
            case Command.Close _ -> Close.close(call);
            case Command.Unselect _ -> Close.unselect(call);
            case Command.Expunge expunge -> Expunge.handle(call, expunge);
            case Command.Search search -> Search.handle(call, search);
            case Command.Fetch fetch -> Fetch.handle(call, fetch);
            case Command.Store store -> Store.handle(call, store);
            case Command.Copy copy -> Copy.handle(call, copy);
            case Command.Move move -> Move.handle(call, move);
        };
    }
}
