package mansio.serve.inbound;

import mansio.codec.message.FromFinder;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderRewriter;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.serve.checks.Findings;
import mansio.serve.checks.MessageChecks;
import mansio.state.directory.Route;
import mansio.state.mailbox.Derivation;
import mansio.state.queue.Courier.Arrival;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.Rewrites;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.story.StoryLine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A message on its way in: the bytes of DATA or BDAT, dot-unstuffed, go to the store and through
 * the parser as they come. Close it in every case; what was not accepted by then is thrown away.
 * Owned by the session's thread.
 */
public final class Reception implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Reception.class);

    private final Inbound inbound;
    private final Transaction transaction;
    private final BlobWriter blob;
    private final QueueId id;
    private final Instant began;
    private final MessageParser parser = new MessageParser();
    private final byte[] returnPath;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream(512);
    private final Optional<HeaderRepair> repair;
    private final Optional<MessageChecks> checks;
    private long received;

    /** What stands between our fields and what came; usually nothing. */
    private byte[] separator = new byte[0];

    private Edits edits = Edits.NONE;
    private boolean begun;

    /** True when forged fields could hide in a header that is too long to be looked at. */
    private boolean tooLong;

    /** The header as it came, when it was rewritten. */
    private Optional<ParsedMessage> original = Optional.empty();

    /** What is to be said about the rewriting; empty when there was none. */
    private final List<String> rewriting = new ArrayList<>();

    Reception(Inbound inbound, Transaction transaction, BlobWriter blob, QueueId id)
            throws IOException {
        this.inbound = inbound;
        this.transaction = transaction;
        this.blob = blob;
        this.id = id;
        this.began = inbound.time().now();
        this.returnPath = ReceivedField.returnPath(transaction.envelope());
        this.repair =
                transaction.origin() instanceof Origin.Lmtp
                        ? Optional.empty()
                        : Optional.of(new HeaderRepair());
        this.checks = inbound.check(transaction);
        added.writeBytes(
                ReceivedField.received(transaction, id, inbound.settings().hostname(), began));
        added.writeBytes(Loops.marks(inbound.returnPaths(), transaction.recipients()));
    }

    /** The id that the 250 will name. */
    public QueueId id() {
        return id;
    }

    /**
     * Adds bytes of the message. After the size limit was passed the bytes are only counted, and
     * {@link #finish} refuses.
     *
     * @throws mansio.state.store.LowSpaceException when there is no room: 452
     * @throws IOException when it cannot be kept now: 451
     */
    public void write(byte[] from, int offset, int length) throws IOException {
        received += length;
        if (received > inbound.settings().maxMessageBytes()) return;
        blob.write(from, offset, length);
        checks.ifPresent(it -> it.feed(from, offset, length));
        if (!begun && length > 0) begin(from[offset]);
        if (repair.isEmpty() || repair.get().isOver()) {
            parser.feed(from, offset, length);
        } else if (repair.get().takeIn(from, offset, length)) {
            endHeader(repair.get());
        }
    }

    /**
     * A message that begins with white space has no header: its first line would become part of the
     * last field that we put in front.
     */
    private void begin(byte first) {
        begun = true;
        if (first == ' ' || first == '\t') {
            separator = "\r\n".getBytes(StandardCharsets.US_ASCII);
            parser.feed(separator, 0, separator.length);
        }
    }

    /**
     * The end of the message: judged, and if anybody gets it, durable in the queue when this
     * returns.
     *
     * @throws IOException when it is not certain that the message is kept: 451
     */
    public Outcome finish() throws IOException {
        Optional<Refusal> unfit = end();
        if (unfit.isPresent()) return refused(unfit.get());
        ParsedMessage message = parser.finish();
        Evidence evidence = evidence(message);
        Disposal disposal = disposal(evidence);
        if (disposal.asked().isPresent()) {
            Optional<Outcome> answered = answer(message, evidence, disposal);
            if (answered.isPresent()) return answered.get();
        } else if (disposal.recipients().isEmpty()) {
            // What is deferred comes again, and counts then.
            if (disposal.firstRefusal().code() >= 500) count(evidence);
            return refused(disposal.firstRefusal());
        }
        QueueEntry entry = entry(message, evidence, disposal);
        ParsedMessage arrived = message.behind(joined(returnPath, trace(evidence)));
        inbound.queue()
                .accept(
                        entry,
                        story(evidence, disposal),
                        Optional.of(new Arrival(Derivation.of(arrived))));
        logAccepted(entry.messageId());
        count(evidence);
        return new Outcome.Accepted(id, disposal.refused());
    }

    /**
     * In place of {@link #finish}: the end of a message that nobody gets, judged as any. Nothing is
     * queued, noted or counted; what the entry refers to can be read until this is closed, and is
     * thrown away then.
     *
     * @throws IOException when it cannot be kept for so long, or not be judged now
     */
    public Rehearsed rehearse() throws IOException {
        Optional<Refusal> unfit = end();
        if (unfit.isPresent()) return new Rehearsed.Refused(unfit.get());
        ParsedMessage message = parser.finish();
        Evidence evidence = evidence(message);
        Disposal disposal = disposal(evidence);
        return disposal.recipients().isEmpty()
                ? new Rehearsed.Refused(disposal.firstRefusal())
                : new Rehearsed.Ready(entry(message, evidence, disposal));
    }

    /** What a message that was not taken in would be in the queue. */
    public sealed interface Rehearsed {
        /** It would be taken. */
        record Ready(QueueEntry entry) implements Rehearsed {}

        /** Nobody would get it. */
        record Refused(Refusal refusal) implements Rehearsed {}
    }

    /** No more bytes come; why it cannot even be looked at, if so. */
    private Optional<Refusal> end() throws IOException {
        if (received > inbound.settings().maxMessageBytes()) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        blob.finish();
        if (repair.isPresent() && !repair.get().isOver()) endHeader(repair.get());
        return tooLong ? Optional.of(Refusal.HEADER_TOO_LARGE) : Optional.empty();
    }

    private Evidence evidence(ParsedMessage message) throws IOException {
        Optional<Findings> findings = checks.map(it -> it.finish(FromFinder.of(message)));
        return EvidenceSteps.gather(
                inbound, transaction, new EvidenceSteps.Seen(message, original, findings));
    }

    private Disposal disposal(Evidence evidence) throws IOException {
        List<Verdict> verdicts =
                Judge.judge(transaction, evidence, inbound.settings().forwarding().outside());
        return Disposal.of(transaction, verdicts, inbound.onward(evidence.known().author()));
    }

    /** Our fields, for whoever gets the message. */
    private byte[] trace(Evidence evidence) {
        return joined(results(evidence), added.toByteArray());
    }

    private QueueEntry entry(ParsedMessage message, Evidence evidence, Disposal disposal) {
        Content content =
                Content.of(blob.id(), received)
                        .with(edits.edits())
                        .prepend(joined(trace(evidence), separator));
        return new QueueEntry(
                id,
                began,
                envelope(evidence),
                content,
                EvidenceSteps.messageId(message),
                disposal.recipients());
    }

    /**
     * The reflector answers. Empty when there are others who get the message: for them it goes on.
     */
    private Optional<Outcome> answer(ParsedMessage message, Evidence evidence, Disposal disposal)
            throws IOException {
        boolean alone = disposal.recipients().isEmpty();
        Reflector reflector = inbound.reflector().orElseThrow();
        Address sender = transaction.envelope().reversePath().orElseThrow();
        boolean remote = inbound.directory().route(sender) instanceof Route.Remote;
        if (!remote || !reflector.take(sender)) {
            Refusal refusal = remote ? Refusal.ASKED_TOO_OFTEN : Refusal.NOT_ANSWERED;
            return alone ? Optional.of(refused(refusal)) : Optional.empty();
        }
        Instant now = inbound.time().now();
        Reflection reflection =
                new Reflection(
                        inbound.settings().hostname(),
                        disposal.asked().orElseThrow(),
                        transaction.tls(),
                        evidence.findings().orElseThrow());
        QueueEntry entry =
                reflection.entry(
                        alone ? id : inbound.newId(),
                        now,
                        sender,
                        EvidenceSteps.messageId(message));
        List<StoryLine> lines = new ArrayList<>(story(evidence, disposal));
        lines.add(new StoryLine(now, "judged", "answered", "the reflector tells what was found"));
        inbound.queue().accept(entry, lines, Optional.empty());
        if (!alone) return Optional.empty();
        logAccepted(EvidenceSteps.messageId(message));
        count(evidence);
        return Optional.of(new Outcome.Accepted(id, disposal.refused()));
    }

    /** Ends the reception. */
    @Override
    public void close() {
        try {
            blob.close();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("qid", id)
                    .log("cannot throw away what was received: {}", e.getMessage());
        }
    }

    /** For the report to the author's domain. */
    private void count(Evidence evidence) {
        if (inbound.observations().isEmpty() || evidence.findings().isEmpty()) return;
        new Reporting(inbound.settings().policy(), evidence.findings().get())
                .observation(transaction)
                .ifPresent(inbound.observations().get()::record);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** What the checks say, for whoever reads the message (RFC 8601). */
    private byte[] results(Evidence evidence) {
        return evidence.findings()
                .map(it -> it.results(inbound.settings().hostname()).toField())
                .orElseGet(() -> new byte[0]);
    }

    private Envelope envelope(Evidence evidence) {
        return evidence.known().path()
                ? transaction.envelope().with(Envelope.Right.VERIFIED)
                : transaction.envelope();
    }

    /**
     * The header is there. What our own mail lacks is added; mail in transit is left as it is (RFC
     * 6409 section 8) but for what claims to come from us. Then the parser sees all of it.
     */
    private void endHeader(HeaderRepair header) throws IOException {
        if (transaction.origin().isOwn()) {
            complete(header);
            if (transaction.origin() instanceof Origin.Submission) {
                edits = edits.and(withoutForged(header.whole()));
            }
        } else {
            Optional<Header> whole = header.whole();
            tooLong = whole.isEmpty();
            edits = withoutForged(whole);
        }
        header.end(parser, edits);
    }

    /** What a client says of its own message is no result of ours (RFC 8601 section 5). */
    private Edits withoutForged(Optional<Header> whole) {
        return whole.map(it -> Edits.without(inbound.forged().find(it))).orElse(Edits.NONE);
    }

    private void complete(HeaderRepair header) throws IOException {
        added.writeBytes(header.missing(inbound.settings().hostname(), began, inbound.random()));
        rewrite(header);
    }

    private void rewrite(HeaderRepair header) throws IOException {
        Rewrites rules = inbound.rewrites();
        if (!rules.any(RewriteKind.CANONICAL)) return;
        if (!header.isComplete()) {
            rewriting.add("the header is too long and stays as it is");
            return;
        }
        ParsedMessage came = MessageParser.parse(header.held());
        edits =
                HeaderRewriter.edits(
                        came.header(),
                        (address, side) -> rules.map(RewriteKind.CANONICAL, address, side));
        if (edits.equals(Edits.NONE)) return;
        original = Optional.of(came);
        rewriting.add(edits.edits().size() + " header fields by canonical rules");
        if (!edits.leftOut().isEmpty()) {
            rewriting.add("too long, as they came: " + String.join(", ", edits.leftOut()));
        }
    }

    private Outcome refused(Refusal refusal) {
        log.atInfo()
                .addKeyValue("sid", transaction.envelope().source().session())
                .addKeyValue("qid", id)
                .addKeyValue("code", refusal.code())
                .log("refused: {}", refusal.text());
        return new Outcome.Refused(refusal);
    }

    private List<StoryLine> story(Evidence evidence, Disposal disposal) {
        List<StoryLine> lines = new ArrayList<>(2);
        lines.add(new StoryLine(began, "received", "accepted", cameFrom()));
        if (transaction.origin() instanceof Origin.LocalUser local)
            local.note().ifPresent(it -> lines.add(new StoryLine(began, "sender", "changed", it)));
        for (String line : rewriting) {
            lines.add(new StoryLine(began, "header", "rewritten", line));
        }
        Instant now = inbound.time().now();
        evidence.findings()
                .ifPresent(
                        it ->
                                it.lines()
                                        .forEach(
                                                line ->
                                                        lines.add(
                                                                new StoryLine(
                                                                        now,
                                                                        "checked",
                                                                        line.outcome(),
                                                                        line.text()))));
        for (String reason : disposal.reasons()) {
            lines.add(new StoryLine(now, "judged", "quarantined", reason));
        }
        for (String reason : disposal.leftOut()) {
            lines.add(new StoryLine(now, "judged", "left out", reason));
        }
        return lines;
    }

    private String cameFrom() {
        var source = transaction.envelope().source();
        String size = ", " + received + " bytes";
        if (transaction.origin() instanceof Origin.LocalUser local)
            return "from the local user " + local.user() + " (" + local.uid() + ")" + size;
        String tls =
                transaction
                        .tls()
                        .map(facts -> ", " + facts.protocol() + " " + facts.cipherSuite())
                        .orElse(", no TLS");
        return "from "
                + source.helo()
                + " ["
                + source.client()
                + "] with "
                + source.protocol()
                + tls
                + size
                + ", session "
                + source.session();
    }

    private void logAccepted(String messageId) {
        log.atInfo()
                .addKeyValue("qid", id)
                .addKeyValue("sid", transaction.envelope().source().session())
                .addKeyValue(
                        "from",
                        transaction.envelope().reversePath().map(Object::toString).orElse("<>"))
                .addKeyValue("rcpts", transaction.recipients().size())
                .addKeyValue("size", received)
                .addKeyValue("mid", messageId)
                .log("accepted");
    }
}
