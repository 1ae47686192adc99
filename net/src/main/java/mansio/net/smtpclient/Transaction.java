package mansio.net.smtpclient;

import mansio.codec.smtp.Command;
import mansio.codec.smtp.ForwardPath;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.MailParameters.Body;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.Reply;
import mansio.net.smtpclient.OutgoingMessage.BeforeDot;
import mansio.net.smtpclient.OutgoingMessage.Content;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Recipient;
import mansio.net.smtpclient.SendResult.End;
import mansio.net.smtpclient.SessionSettings.Protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * MAIL, RCPT, and the message: RFC 5321 section 3.3, with PIPELINING (RFC 2920) and CHUNKING (RFC
 * 3030) where they are offered. Each recipient gets exactly one verdict. Used once, by one thread.
 */
final class Transaction {
    /** Commands sent before their replies are read: fits in any window (RFC 2920 section 3.1). */
    private static final int GROUP_BYTES = 4000;

    private final Wire wire;
    private final Terms terms;
    private final OutgoingMessage message;
    private final BeforeDot beforeDot;
    private final boolean pipelining;
    private final Map<Integer, Verdict> verdicts = new TreeMap<>();
    private final List<Integer> accepted = new ArrayList<>();
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private int askedBytes;
    private int answers;
    private Optional<Reply> mailRefusal = Optional.empty();
    private Optional<Reply> tooMany = Optional.empty();
    private Optional<Reply> dataReply = Optional.empty();
    private Stage stage = Stage.MAIL;
    private boolean endSent;
    private boolean needsReset;

    /** What the session gives. */
    record Terms(
            Extensions offered,
            Protocol protocol,
            Timeouts timeouts,
            Optional<SessionTls> tls,
            int maxRecipients) {}

    /** The transaction before, in the same session. */
    enum Earlier {
        NONE,
        ENDED,
        /** It must be ended by RSET. */
        OPEN
    }

    /** What is done with a reply. */
    @FunctionalInterface
    private interface Taker {
        void take(Reply reply) throws IOException;
    }

    private record Asked(Stage stage, Duration patience, Taker taker) {}

    /** 421, the server hangs up (RFC 5321 section 3.8). */
    private static final class Farewell extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Reply reply;

        Farewell(Reply reply) {
            super(reply.toString());
            this.reply = reply;
        }
    }

    Transaction(Wire wire, Terms terms, OutgoingMessage message, BeforeDot beforeDot) {
        this.wire = wire;
        this.terms = terms;
        this.message = message;
        this.beforeDot = beforeDot;
        this.pipelining = terms.offered().has("PIPELINING");
    }

    /** Whether the next transaction of this session must begin with RSET. */
    boolean needsReset() {
        return needsReset;
    }

    /**
     * From beginning to end.
     *
     * @param earlier what the session has had before
     */
    SendResult run(Earlier earlier) {
        needsReset = earlier == Earlier.OPEN;
        verdicts.putAll(OfferCheck.verdicts(message, terms));
        End end = End.OPEN;
        if (!all()) {
            try {
                envelope();
                boolean wanted = !accepted.isEmpty() && mailRefusal.isEmpty();
                if (dataReply.isPresent() || (chunking() && wanted)) {
                    content();
                }
            } catch (IOException e) {
                end = dead(e, earlier != Earlier.NONE);
            }
        }
        return new SendResult(List.copyOf(verdicts.values()), terms.offered().has("DSN"), end);
    }

    private boolean all() {
        return verdicts.size() == message.recipients().size();
    }

    private boolean chunking() {
        return terms.offered().has("CHUNKING");
    }

    private void envelope() throws IOException {
        Duration patience = terms.timeouts().command();
        if (needsReset) {
            ask(new Command.Rset(), new Asked(Stage.MAIL, patience, this::reset));
        }
        Command mail = new Command.Mail(message.reversePath(), mailParameters());
        ask(mail, new Asked(Stage.MAIL, patience, this::mail));
        for (int i = 0; i < message.recipients().size(); i++) {
            int index = i;
            if (verdicts.containsKey(index)) {
                continue;
            }
            if (mailRefusal.isPresent() || tooMany.isPresent()) {
                break;
            }
            Recipient recipient = message.recipients().get(index);
            RcptParameters parameters =
                    terms.offered().has("DSN") ? recipient.parameters() : RcptParameters.NONE;
            ask(
                    new Command.Rcpt(new ForwardPath.To(recipient.forwardPath()), parameters),
                    new Asked(Stage.RCPT, patience, reply -> recipient(index, reply)));
        }
        // With the rest where that is possible; alone it is said only when somebody wants it.
        if (!chunking() && mailRefusal.isEmpty() && (pipelining || !accepted.isEmpty())) {
            ask(
                    new Command.Data(),
                    new Asked(
                            Stage.DATA,
                            terms.timeouts().dataStart(),
                            reply -> dataReply = Optional.of(reply)));
        }
        settle();
        mailRefusal.ifPresent(reply -> rest(Verdict.no(Stage.MAIL, reply)));
        tooMany.ifPresent(reply -> restBut(accepted, Verdict.tooMany(Optional.of(reply))));
    }

    private void ask(Command command, Asked expected) throws IOException {
        if (asked.isEmpty()) {
            stage = expected.stage();
        }
        askedBytes += wire.say(command, expected.patience());
        asked.add(expected);
        if (!pipelining || askedBytes > GROUP_BYTES) {
            settle();
        }
    }

    /** Reads the replies that are due. */
    private void settle() throws IOException {
        askedBytes = 0;
        while (!asked.isEmpty()) {
            Asked next = asked.remove();
            stage = next.stage();
            next.taker().take(answer(next.patience()));
        }
    }

    private Reply answer(Duration patience) throws IOException {
        Reply reply = wire.reply(patience);
        if (reply.code() == 421) {
            throw new Farewell(reply);
        }
        answers++;
        return reply;
    }

    private void reset(Reply reply) throws IOException {
        if (!reply.isPositive()) {
            throw new IOException("RSET was refused");
        }
        needsReset = false;
    }

    private void mail(Reply reply) {
        if (reply.isPositive()) {
            needsReset = true;
        } else {
            mailRefusal = Optional.of(reply);
        }
    }

    private void recipient(int index, Reply reply) {
        if (reply.isPositive()) {
            accepted.add(index);
        } else if (mailRefusal.isEmpty()) {
            if (isTooMany(reply)) {
                tooMany = Optional.of(reply);
                verdicts.put(index, Verdict.tooMany(Optional.of(reply)));
            } else {
                verdicts.put(index, Verdict.no(Stage.RCPT, reply));
            }
        }
    }

    /** RFC 5321 section 4.5.3.1.10: 452, and 552 from those who follow RFC 821. */
    private boolean isTooMany(Reply reply) {
        boolean said = reply.status().equals("4.5.3") || reply.status().equals("5.5.3");
        boolean likely = reply.status().isEmpty() && (reply.code() == 452 || reply.code() == 552);
        return !accepted.isEmpty() && (said || likely);
    }

    private void content() throws IOException {
        stage = Stage.CONTENT;
        ContentSender sender =
                new ContentSender(wire, terms.timeouts(), opener(), this::announceEnd);
        if (chunking()) {
            Optional<Reply> rejection = sender.inChunks(pipelining);
            if (rejection.isPresent()) {
                farewell(rejection.get());
                rest(Verdict.no(Stage.CONTENT, rejection.get()));
                return;
            }
        } else if (!mayBegin(dataReply.orElseThrow())) {
            return;
        } else {
            sender.withDots();
            wire.expect(terms.protocol() == Protocol.LMTP ? accepted.size() : 1);
        }
        stage = Stage.END;
        for (int index : accepted) {
            Verdict verdict = verdict(answer(terms.timeouts().dataEnd()));
            if (terms.protocol() == Protocol.SMTP) {
                rest(verdict);
                break;
            }
            // RFC 2033 section 4.2: one reply for each, in their order.
            verdicts.put(index, verdict);
        }
        needsReset = false;
    }

    private static void farewell(Reply reply) throws Farewell {
        if (reply.code() == 421) {
            throw new Farewell(reply);
        }
    }

    private void announceEnd() throws IOException {
        beforeDot.endFollows(List.copyOf(accepted));
        endSent = true;
        stage = Stage.END;
    }

    private static Verdict verdict(Reply reply) throws IOException {
        if (reply.isPositive()) {
            return new Verdict.Delivered(reply);
        }
        if (reply.code() < 400) {
            throw new IOException("the answer to the message makes no sense");
        }
        return Verdict.no(Stage.END, reply);
    }

    /** Whether the message is to follow DATA. */
    private boolean mayBegin(Reply data) throws IOException {
        boolean go = data.code() == 354;
        if (!go) {
            rest(Verdict.no(Stage.DATA, data));
            if (data.code() < 400) {
                throw new IOException("the answer to DATA makes no sense");
            }
            return false;
        }
        // The answer to the message must not be here before the message is.
        wire.inTurn();
        if (accepted.isEmpty()) {
            emptyMessage();
            return false;
        }
        if (mailRefusal.isPresent()) {
            throw new IOException("the server goes on without a sender");
        }
        return true;
    }

    /** RFC 2920 section 3.1: 354 although nobody was accepted; a single dot ends it. */
    private void emptyMessage() throws IOException {
        if (terms.protocol() == Protocol.LMTP) {
            throw new IOException("the server goes on without recipients");
        }
        byte[] dot = {'.', '\r', '\n'};
        wire.patience(terms.timeouts().dataBlock());
        wire.out().write(dot, 0, dot.length);
        wire.expect(1);
        answer(terms.timeouts().dataEnd());
        needsReset = false;
    }

    private Opener opener() {
        Content content = message.content();
        boolean convert = content.eightBit() && !OfferCheck.takesEightBit(terms.offered());
        return convert ? content.sevenBit().orElseThrow() : content.opener();
    }

    private MailParameters mailParameters() {
        Extensions offered = terms.offered();
        Content content = message.content();
        boolean eightBit = content.eightBit() && OfferCheck.takesEightBit(offered);
        boolean asIs = eightBit || !content.eightBit();
        return new MailParameters(
                offered.has("SIZE") && asIs
                        ? OptionalLong.of(content.size())
                        : OptionalLong.empty(),
                eightBit && offered.has("8BITMIME") ? Body.EIGHT_BIT_MIME : Body.UNSAID,
                needsUtf8(),
                Optional.empty(),
                offered.has("DSN") ? message.dsn() : MailParameters.Dsn.NONE,
                message.requireTls());
    }

    /** Only if it is needed; that the server offers it was checked. */
    private boolean needsUtf8() {
        for (int i = 0; i < message.recipients().size(); i++) {
            if (!verdicts.containsKey(i) && message.recipients().get(i).forwardPath().needsUtf8()) {
                return true;
            }
        }
        return OfferCheck.needsUtf8(message);
    }

    /** The session is over; whoever has no verdict yet gets one. */
    private End dead(IOException cause, boolean reused) {
        switch (cause) {
            case Farewell farewell -> rest(Verdict.no(stage, farewell.reply));
            case Wire.OutOfTurn words when words.farewell().isPresent() ->
                    rest(Verdict.no(stage, words.farewell().get()));
            case ContentSender.LocalFault fault -> {
                String why = String.valueOf(fault.getMessage());
                rest(
                        new Verdict.Deferred(
                                Problem.of(Stage.LOCAL, "4.3.0", "broken off here: " + why)));
                return End.BROKEN;
            }
            case Wire.NotTaken _ -> {
                Optional<Reply> last =
                        wire.lastWords(terms.timeouts().farewell())
                                .filter(it -> it.isTransient() || it.isPermanent());
                rest(last.map(it -> Verdict.no(stage, it)).orElseGet(() -> broken(cause)));
            }
            default -> rest(broken(cause));
        }
        return reused && answers == 0 ? End.STALE : End.BROKEN;
    }

    private Verdict broken(IOException cause) {
        Problem problem = Problem.broken(stage, cause);
        return endSent ? new Verdict.Unknown(problem) : new Verdict.Deferred(problem);
    }

    private void rest(Verdict verdict) {
        restBut(List.of(), verdict);
    }

    private void restBut(List<Integer> these, Verdict verdict) {
        for (int i = 0; i < message.recipients().size(); i++) {
            if (!these.contains(i)) {
                verdicts.putIfAbsent(i, verdict);
            }
        }
    }
}
