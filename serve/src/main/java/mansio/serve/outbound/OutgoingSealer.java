package mansio.serve.outbound;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;
import mansio.state.dkimkey.Signers;
import mansio.state.queue.Passage.Note;
import mansio.trust.arc.ArcSealing;
import mansio.trust.arc.ArcState;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.authres.MethodResult;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Seals what came from outside and goes on by an alias (RFC 8617), with the key of the domain that
 * forwards it: who gets it can see that it was authentic when it came here. Its bytes are not
 * touched. Safe for use by any thread.
 */
final class OutgoingSealer {
    private static final Logger log = LoggerFactory.getLogger(OutgoingSealer.class);

    /** About what a set takes, for SIZE. */
    private static final int SET_OCTETS = 3_000;

    private final OutgoingSigner.Means means;
    private final SignatureCache cache;

    OutgoingSealer(OutgoingSigner.Means means) {
        this.means = means;
        this.cache = new SignatureCache(means.time());
    }

    /** What we saw when the message came, and with what that is sealed. */
    private record Task(SigningKey key, Signers signers, ArcSealing.Seal seal) {}

    /**
     * The content with a set of ours in front; as it is where there is no key, or where nothing was
     * checked.
     *
     * @param by the domain that forwards
     * @param notes is told what was done, when the content is opened or now
     */
    OutgoingMessage.Content sealed(
            OutgoingSigner.Subject subject,
            Domain by,
            OutgoingMessage.Content plain,
            Consumer<Note> notes)
            throws IOException {
        Optional<Task> task = task(subject, by);
        if (task.isEmpty()) {
            notes.accept(new Note("not sealed", "no key of " + by + ", or it was not checked"));
            return plain;
        }
        return new OutgoingMessage.Content(
                plain.size() + SET_OCTETS,
                plain.eightBit(),
                plain.utf8Header(),
                () -> open(subject, task.get(), plain.opener(), notes),
                plain.sevenBit());
    }

    private Optional<Task> task(OutgoingSigner.Subject subject, Domain by) throws IOException {
        Signers signers = means.signing().keys().signers(Address.of("postmaster", by));
        Optional<byte[]> header = OutgoingRewrite.header(means.blobs(), subject.stored());
        if (signers.keys().isEmpty() || header.isEmpty()) return Optional.empty();
        // Ours is the first of all; those that only looked like ours were cut.
        Header fields = Header.parse(header.get());
        if (fields.size() == 0 || !fields.field(0).is(AuthenticationResults.FIELD)) {
            return Optional.empty();
        }
        HeaderField field = fields.field(0);
        return AuthenticationResults.of(field)
                .map(
                        seen -> {
                            SigningKey key = best(signers.keys());
                            return new Task(
                                    key,
                                    signers,
                                    new ArcSealing.Seal(key, value(field), chain(seen)));
                        });
    }

    /** All verifiers know RSA; those of ARC that know Ed25519 are few. */
    private static SigningKey best(List<SigningKey> keys) {
        return keys.stream()
                .filter(it -> it.algorithm() == SignatureAlgorithm.RSA_SHA256)
                .findFirst()
                .orElse(keys.getFirst());
    }

    private static String value(HeaderField field) {
        String raw = new String(field.raw(), StandardCharsets.UTF_8);
        return raw.substring(raw.indexOf(':') + 1).strip();
    }

    private static ArcState chain(AuthenticationResults seen) {
        String text = seen.of("arc").stream().findFirst().map(MethodResult::result).orElse("none");
        return Arrays.stream(ArcState.values())
                .filter(it -> it.text().equals(text))
                .findFirst()
                .orElse(ArcState.FAIL);
    }

    private Reading open(
            OutgoingSigner.Subject subject, Task task, Opener base, Consumer<Note> notes)
            throws IOException {
        byte[] fields =
                cache.get(
                        new SignatureCache.Key(
                                subject.entry().id(), subject.stored(), task.signers()),
                        () -> fields(subject, task, base));
        notes.accept(
                fields.length == 0
                        ? new Note("not sealed", "the chain is broken or full, or signing failed")
                        : new Note(
                                "sealed", "d=" + task.key.domain() + " s=" + task.key.selector()));
        return new PrefixedReading(fields, base.open());
    }

    private byte[] fields(OutgoingSigner.Subject subject, Task task, Opener base)
            throws IOException {
        ArcSealing sealing =
                new ArcSealing(
                        means.signing().crypto(), means.time(), task.signers.options(), task.seal);
        WireHash.read(base, means.signing().crypto(), sealing);
        try {
            return means.signing().work().run(sealing::fields);
        } catch (IOException e) {
            return sealing.fields(); // No room there.
        } catch (RuntimeException e) {
            // Whatever a key or a provider does: mail does not wait for it.
            log.atError().addKeyValue("qid", subject.entry().id()).setCause(e).log("not sealed");
            return new byte[0];
        }
    }
}
