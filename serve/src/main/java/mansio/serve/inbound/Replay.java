package mansio.serve.inbound;

import mansio.codec.message.FromFinder;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.checks.Findings;
import mansio.serve.checks.MessageChecks;
import mansio.serve.inbound.Explanation.End;
import mansio.serve.inbound.Explanation.Fate;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.queue.Envelope;
import mansio.trust.authres.ForgedResults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks and judges a message as if another server brought it now, and keeps nothing. Safe for use
 * by any thread. Whether an alias sent the message on before is not seen: the marks of that are
 * signed with keys of the store.
 */
public final class Replay {
    /** As much as a session reads at once. */
    private static final int CHUNK = 8 << 10;

    private final Checks checks;
    private final InboundSettings settings;

    public Replay(Checks checks, InboundSettings settings) {
        this.checks = checks;
        this.settings = settings;
    }

    /** A message is at most this long. */
    public long maxMessageBytes() {
        return settings.maxMessageBytes();
    }

    /**
     * What would become of it.
     *
     * @param message as it comes after DATA, dots unstuffed
     * @param to recipients that RCPT has let pass; at least one
     * @throws IOException when one cannot tell now
     */
    public Explanation explain(Client client, byte[] message, List<RoutedRecipient> to)
            throws IOException {
        if (message.length > settings.maxMessageBytes()) {
            return Explanation.unseen(Refusal.TOO_LARGE);
        }
        Transaction transaction = transaction(client, to);
        MessageChecks running = checks.begin(client);
        running.feed(message, 0, message.length);
        Optional<ParsedMessage> parsed = parse(message);
        if (parsed.isEmpty()) return Explanation.unseen(Refusal.HEADER_TOO_LARGE);
        Findings findings = running.finish(FromFinder.of(parsed.get()));
        Evidence evidence = EvidenceSteps.ofOutside(settings.policy(), parsed.get(), findings);
        List<Verdict> verdicts =
                Judge.judge(transaction, evidence, settings.forwarding().outside());
        boolean refused = verdicts.stream().allMatch(Verdict.Refuse.class::isInstance);
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < to.size(); i++) {
            Verdict verdict = refused ? verdicts.get(i) : verdicts.get(i).unsaid();
            fates.add(fate(to.get(i), verdict));
        }
        return new Explanation(
                Optional.of(findings),
                evidence.objections(),
                fates,
                verdicts.getFirst() instanceof Verdict.Refuse(Refusal why) && refused
                        ? Optional.of(why)
                        : Optional.empty(),
                new String(
                        findings.results(settings.hostname()).toField(), StandardCharsets.UTF_8));
    }

    private static Transaction transaction(Client client, List<RoutedRecipient> to) {
        Envelope.Source source =
                new Envelope.Source(
                        client.address().getHostAddress(),
                        client.helo(),
                        "ESMTP",
                        Optional.empty(),
                        "");
        Envelope envelope =
                new Envelope(client.reversePath(), Envelope.Body.EIGHT_BIT_MIME, false, source);
        return new Transaction(envelope, new Origin.Outside(), to, Optional.empty());
    }

    private static Fate fate(RoutedRecipient to, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept _ -> new Fate(to.forwardPath(), End.TAKEN, "");
            case Verdict.Quarantine(String reason) -> new Fate(to.forwardPath(), End.JUNK, reason);
            case Verdict.Refuse(Refusal refusal) ->
                    new Fate(to.forwardPath(), End.REFUSED, refusal.text());
        };
    }

    /** As a reception reads it, without fields that claim to be ours; empty when it is too long. */
    private Optional<ParsedMessage> parse(byte[] message) {
        ForgedResults forged = new ForgedResults(List.of(settings.hostname()));
        MessageParser parser = new MessageParser();
        HeaderRepair header = new HeaderRepair();
        if (message.length > 0 && (message[0] == ' ' || message[0] == '\t')) {
            parser.feed(new byte[] {'\r', '\n'}, 0, 2);
        }
        int at = 0;
        boolean ended = false;
        while (at < message.length && !ended) {
            int length = Math.min(CHUNK, message.length - at);
            ended = header.takeIn(message, at, length);
            at += length;
        }
        Optional<Header> whole = header.whole();
        if (whole.isEmpty()) return Optional.empty();
        header.end(parser, Edits.without(forged.find(whole.get())));
        parser.feed(message, at, message.length - at);
        return Optional.of(parser.finish());
    }
}
