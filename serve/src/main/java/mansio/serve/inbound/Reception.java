package mansio.serve.inbound;

import mansio.codec.message.HeaderRewriter;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.state.mailbox.Derivation;
import mansio.state.queue.Courier.Arrival;
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
import java.time.Instant;
import java.util.ArrayList;
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
    private long received;
    private Edits edits = Edits.NONE;

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
        // RFC 6409 section 8: mail in transit is left as it is.
        this.repair =
                transaction.origin().isOwn() ? Optional.of(new HeaderRepair()) : Optional.empty();
        parser.feed(returnPath, 0, returnPath.length);
        add(ReceivedField.received(transaction, id, inbound.settings().hostname(), began));
        add(Loops.marks(inbound.returnPaths(), transaction.recipients()));
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
        if (repair.isEmpty() || repair.get().isOver()) {
            parser.feed(from, offset, length);
        } else if (repair.get().takeIn(from, offset, length)) {
            endHeader(repair.get());
        }
    }

    /**
     * The end of the message: judged, and if anybody gets it, durable in the queue when this
     * returns.
     *
     * @throws IOException when it is not certain that the message is kept: 451
     */
    public Outcome finish() throws IOException {
        if (received > inbound.settings().maxMessageBytes()) return refused(Refusal.TOO_LARGE);
        blob.finish();
        if (repair.isPresent() && !repair.get().isOver()) endHeader(repair.get());
        ParsedMessage message = parser.finish();
        Evidence evidence = EvidenceSteps.gather(inbound, transaction, message, original);
        List<Verdict> verdicts = Judge.judge(transaction, evidence);
        Disposal disposal = Disposal.of(transaction, verdicts, inbound.onward());
        if (disposal.recipients().isEmpty()) return refused(disposal.firstRefusal());
        Content content =
                Content.of(blob.id(), received).with(edits.edits()).prepend(added.toByteArray());
        String messageId = EvidenceSteps.messageId(message);
        QueueEntry entry =
                new QueueEntry(
                        id,
                        began,
                        transaction.envelope(),
                        content,
                        messageId,
                        disposal.recipients());
        inbound.queue()
                .accept(entry, story(disposal), Optional.of(new Arrival(Derivation.of(message))));
        logAccepted(messageId);
        return new Outcome.Accepted(id, disposal.refused());
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

    /** The header is there: what it lacks is added, then the parser sees all of it. */
    private void endHeader(HeaderRepair header) throws IOException {
        add(header.missing(inbound.settings().hostname(), began, inbound.random()));
        rewrite(header);
        header.end(parser, edits);
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

    private void add(byte[] fields) {
        added.writeBytes(fields);
        parser.feed(fields, 0, fields.length);
    }

    private Outcome refused(Refusal refusal) {
        log.atInfo()
                .addKeyValue("sid", transaction.envelope().source().session())
                .addKeyValue("qid", id)
                .addKeyValue("code", refusal.code())
                .log("refused: {}", refusal.text());
        return new Outcome.Refused(refusal);
    }

    private List<StoryLine> story(Disposal disposal) {
        List<StoryLine> lines = new ArrayList<>(2);
        lines.add(new StoryLine(began, "received", "accepted", cameFrom()));
        if (transaction.origin() instanceof Origin.LocalUser local)
            local.note().ifPresent(it -> lines.add(new StoryLine(began, "sender", "changed", it)));
        for (String line : rewriting) {
            lines.add(new StoryLine(began, "header", "rewritten", line));
        }
        Instant now = inbound.time().now();
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
