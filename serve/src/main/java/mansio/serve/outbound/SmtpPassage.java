package mansio.serve.outbound;

import mansio.codec.smtp.MailParameters.Dsn;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.text.Domain;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.Problem;
import mansio.net.smtpclient.SendResult;
import mansio.net.smtpclient.SessionTls;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Verdict;
import mansio.net.time.Time;
import mansio.state.queue.Action;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Envelope;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Fate;
import mansio.state.queue.Passage;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.route.RouteTarget;
import mansio.state.store.Blobs;
import mansio.state.store.Content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A session with another server, as the queue uses it. */
final class SmtpPassage implements Passage {
    private final SmtpSession session;
    private final RoutedSite site;
    private final Means means;
    private volatile boolean sending;
    private SendResult.End end = SendResult.End.OPEN;
    private Optional<Note> note = Optional.empty();

    /** What a refusal by policy brings about. */
    @FunctionalInterface
    interface OnRefusal {
        /** True when the mail goes another way from now on, and is to be tried again. */
        boolean refused(RoutedSite site, Problem problem);
    }

    /** What it works with. */
    record Means(
            Blobs blobs,
            OutgoingRewrite rewrite,
            OutgoingSigner signer,
            OutgoingSealer sealer,
            Time time,
            OnRefusal onRefusal) {}

    SmtpPassage(SmtpSession session, RoutedSite site, Means means) {
        this.session = session;
        this.site = site;
        this.means = means;
    }

    @Override
    public String host() {
        return Words.host(session);
    }

    @Override
    public String tls() {
        return session.facts().tls().map(SessionTls::toString).orElse("");
    }

    /** The site's name has the route, so that log-in and TLS are the same. */
    @Override
    public boolean fits(Lane lane) {
        return true;
    }

    @Override
    public List<Result> send(Dispatch dispatch, BeforeDot beforeDot) {
        sending = true;
        note = Optional.empty();
        try {
            OutgoingMessage message = message(dispatch);
            SendResult result = session.send(message, beforeDot::dotFollows);
            end = result.end();
            List<Result> results = new ArrayList<>(result.verdicts().size());
            for (Verdict verdict : result.verdicts())
                results.add(result(verdict, result.dsnPassedOn()));
            return results;
        } catch (IOException e) {
            Failure failure =
                    Failure.here(
                            Stage.LOCAL,
                            "4.3.0",
                            "the message cannot be read: " + e.getMessage(),
                            means.time().now());
            return Collections.nCopies(dispatch.recipients().size(), new Result.Deferred(failure));
        } finally {
            sending = false;
        }
    }

    private OutgoingMessage message(Dispatch dispatch) throws IOException {
        QueueEntry entry = dispatch.entry();
        List<OutgoingMessage.Recipient> recipients = new ArrayList<>();
        boolean forwarded = false;
        for (int place = 0; place < dispatch.recipients().size(); place++) {
            Recipient recipient = dispatch.recipient(place);
            forwarded |= recipient.action() instanceof Action.Forward;
            recipients.add(
                    new OutgoingMessage.Recipient(
                            recipient.destination(),
                            new RcptParameters(
                                    recipient.wish().notifications(),
                                    recipient.wish().originalRecipient())));
        }
        boolean own = entry.envelope().source().submitter().isPresent() && !forwarded;
        boolean lmtp =
                site.relay().filter(it -> it.protocol() == RouteTarget.Protocol.LMTP).isPresent();
        Recipient first = dispatch.recipient(0);
        Content content = lmtp ? entry.content() : means.rewrite().content(entry);
        return new OutgoingMessage(
                lmtp
                        ? Outbound.reversePath(entry, first)
                        : means.rewrite().reversePath(entry, first),
                recipients,
                lmtp ? unsigned(entry, content, own) : vouchedFor(entry, content, first, own),
                new Dsn(entry.envelope().wishes().ret(), entry.envelope().wishes().envid()),
                entry.envelope().wishes().requireTls());
    }

    private OutgoingMessage.Content unsigned(QueueEntry entry, Content content, boolean own)
            throws IOException {
        return new QueuedContent(means.blobs(), entry, content).look(own);
    }

    /** Our own is signed; what came from outside and goes on is sealed, wherever it goes. */
    private OutgoingMessage.Content vouchedFor(
            QueueEntry entry, Content content, Recipient first, boolean own) throws IOException {
        boolean signs = entry.envelope().source().right() == Envelope.Right.OWN;
        OutgoingMessage.Content plain = unsigned(entry, content, own || signs);
        OutgoingSigner.Subject subject = new OutgoingSigner.Subject(entry, content);
        if (signs) return means.signer().signed(subject, plain, it -> note = Optional.of(it));
        Optional<Domain> by = first.forwardPath().domain();
        return first.action() instanceof Action.Forward && by.isPresent()
                ? means.sealer().sealed(subject, by.get(), plain, it -> note = Optional.of(it))
                : plain;
    }

    @Override
    public Optional<Note> note() {
        return note;
    }

    private Result result(Verdict verdict, boolean dsnPassedOn) {
        return switch (verdict) {
            case Verdict.Delivered(var reply) ->
                    new Result.Ended(
                            new Fate.Delivered(host(), Words.reply(reply), tls(), dsnPassedOn));
            case Verdict.Deferred(Problem problem, boolean _) ->
                    new Result.Deferred(failure(problem));
            case Verdict.Unknown(Problem problem) -> new Result.Deferred(failure(problem));
            case Verdict.Refused(Problem problem) -> {
                Failure failure = failure(problem);
                yield Policy.refusesUs(problem) && means.onRefusal().refused(site, problem)
                        ? new Result.Deferred(failure)
                        : new Result.Ended(new Fate.Failed(failure));
            }
        };
    }

    private Failure failure(Problem problem) {
        return Words.failure(problem, host(), means.time().now());
    }

    @Override
    public State state() {
        if (session.usable()) return State.USABLE;
        return end == SendResult.End.BROKEN ? State.BROKEN : State.ENDED;
    }

    @Override
    public void close() {
        if (sending) session.abort();
        else session.close();
    }
}
