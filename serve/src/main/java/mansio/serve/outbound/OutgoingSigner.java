package mansio.serve.outbound;

import mansio.codec.message.FromFinder;
import mansio.codec.message.FromResult;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;
import mansio.net.time.Time;
import mansio.state.dkimkey.Signers;
import mansio.state.queue.Passage.Note;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.SigningKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Signs mail of our own as it leaves (RFC 6376): what is hashed is what goes out, line ends and
 * all. A key that cannot be used costs the signature, never the message.
 *
 * <p>A signature is made when the content is asked for, and kept for ten minutes: a message for a
 * thousand sites is signed once. Safe for use by any thread.
 */
final class OutgoingSigner {
    private static final Logger log = LoggerFactory.getLogger(OutgoingSigner.class);

    /** About what a field takes, for SIZE. */
    private static final int FIELD_OCTETS = 900;

    private final Means means;
    private final SignatureCache cache;

    /** What it works with. */
    record Means(Outbound.Signing signing, Blobs blobs, Time time) {}

    OutgoingSigner(Means means) {
        this.means = means;
        this.cache = new SignatureCache(means.time());
    }

    /** What of a message decides who signs it. */
    private record Author(Optional<Address> address, String doubt, boolean signedAlready) {}

    /** A message as it stands in the queue, after rewriting. */
    record Subject(QueueEntry entry, Content stored) {
        private QueueId id() {
            return entry.id();
        }
    }

    /**
     * The content with signatures in front.
     *
     * <p>Octets above 127 are encoded before (RFC 6376 section 5.3): a relay that must do it later
     * would break the signature. Not so when somebody has signed the message already, or when it
     * cannot be encoded; a host without 8BITMIME gets it unsigned then.
     *
     * @param plain what would go out unsigned
     * @param notes is told what was done, when the content is opened or now
     */
    OutgoingMessage.Content signed(
            Subject subject, OutgoingMessage.Content plain, Consumer<Note> notes)
            throws IOException {
        Author author = author(subject.stored());
        if (author.address().isEmpty()) {
            notes.accept(Note.unsigned(author.doubt()));
            return plain;
        }
        Signers signers = means.signing().keys().signers(author.address().get());
        for (String trouble : signers.keys().isEmpty() ? List.<String>of() : signers.troubles()) {
            log.atWarn().addKeyValue("qid", subject.id()).log("signed less: {}", trouble);
        }
        if (signers.keys().isEmpty()) {
            String why = String.join("; ", signers.troubles());
            if (signers.domain().isPresent()) {
                log.atWarn().addKeyValue("qid", subject.id()).log("leaves unsigned: {}", why);
            }
            notes.accept(Note.unsigned(why));
            return plain;
        }
        boolean encode =
                plain.eightBit() && plain.sevenBit().isPresent() && !author.signedAlready();
        Opener base = encode ? plain.sevenBit().orElseThrow() : plain.opener();
        return new OutgoingMessage.Content(
                plain.size() + (long) FIELD_OCTETS * signers.keys().size(),
                !encode && plain.eightBit(),
                plain.utf8Header(),
                () -> open(subject, signers, base, notes),
                encode ? Optional.empty() : plain.sevenBit());
    }

    private Author author(Content content) throws IOException {
        Optional<byte[]> bytes = OutgoingRewrite.header(means.blobs(), content);
        if (bytes.isEmpty()) return new Author(Optional.empty(), "the header is too long", false);
        ParsedMessage message = MessageParser.parse(bytes.get());
        boolean signed = message.header().first("DKIM-Signature").isPresent();
        return switch (FromFinder.of(message)) {
            case FromResult.One(Address address, var _) ->
                    new Author(Optional.of(address), "", signed);
            case FromResult.Missing() ->
                    new Author(Optional.empty(), "there is no From field", signed);
            case FromResult.Ambiguous(var reason, List<Address> candidates) ->
                    new Author(clear(reason, candidates), "it is not clear who wrote it", signed);
        };
    }

    /** Whose mail it is although its From is odd; nobody's where readers may see another field. */
    private static Optional<Address> clear(FromResult.Reason reason, List<Address> candidates) {
        return switch (reason) {
            case SEVERAL_FIELDS, HIDDEN_FIELD, HEADER_LIMIT, NO_ADDRESS -> Optional.empty();
            case SEVERAL_ADDRESSES -> candidates.stream().findFirst();
            case GROUP, CONTROL_CHARACTER, UNCLEAR_SYNTAX ->
                    Optional.of(candidates).filter(it -> it.size() == 1).map(List::getFirst);
        };
    }

    private Reading open(Subject subject, Signers signers, Opener base, Consumer<Note> notes)
            throws IOException {
        byte[] fields =
                cache.get(
                        new SignatureCache.Key(subject.id(), subject.stored(), signers),
                        () -> fields(subject, signers, base));
        notes.accept(
                fields.length == 0
                        ? Note.unsigned("signing failed, or the header is too long")
                        : Note.signed(facts(signers.keys())));
        return new PrefixedReading(fields, base.open());
    }

    private static String facts(List<SigningKey> keys) {
        return "d="
                + keys.getFirst().domain()
                + " s="
                + keys.stream().map(SigningKey::selector).collect(Collectors.joining(","));
    }

    private byte[] fields(Subject subject, Signers signers, Opener base) throws IOException {
        DkimSigning signing =
                new DkimSigning(
                        means.signing().crypto(), means.time(), signers.keys(), signers.options());
        WireHash.read(base, means.signing().crypto(), signing);
        try {
            return computed(signing);
        } catch (RuntimeException e) {
            // Whatever a key or a provider does: mail does not wait for it.
            log.atError().addKeyValue("qid", subject.id()).setCause(e).log("signing failed");
            return new byte[0];
        }
    }

    private byte[] computed(DkimSigning signing) {
        try {
            return means.signing().work().run(signing::fields);
        } catch (IOException e) {
            return signing.fields(); // No room there.
        }
    }
}
