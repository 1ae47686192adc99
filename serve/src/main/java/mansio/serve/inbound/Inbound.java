package mansio.serve.inbound;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.checks.MessageChecks;
import mansio.state.directory.Directory;
import mansio.state.directory.ReturnPaths;
import mansio.state.dmarcstore.Observations;
import mansio.state.queue.Envelope;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueId;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.Rewrites;
import mansio.state.store.BlobWriter;
import mansio.state.store.Blobs;
import mansio.trust.authres.ForgedResults;
import mansio.trust.srs.Batv;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes messages in: evidence, judgement, queue. Its way is docs/design/message-path.md. Made once;
 * safe for use by any thread.
 */
public final class Inbound {
    private final Queue queue;
    private final Blobs blobs;
    private final Directory directory;
    private final ReturnPaths returnPaths;
    private final Rewrites rewrites;
    private final Optional<Checks> checks;
    private final Optional<Observations> observations;
    private final ForgedResults forged;
    private final Returns returns;
    private final Optional<Reflector> reflector;
    private final Time time;
    private final RandomGenerator random;
    private final InboundSettings settings;

    public Inbound(Places places, Time time, RandomGenerator random, InboundSettings settings) {
        this.queue = places.queue();
        this.blobs = places.blobs();
        this.directory = places.directory();
        this.returnPaths = places.returnPaths();
        this.rewrites = places.rewrites();
        this.checks = places.checks();
        this.observations = places.observations();
        this.forged = new ForgedResults(List.of(settings.hostname()));
        this.returns = new Returns(time);
        this.reflector =
                settings.reflector()
                        .filter(_ -> checks.isPresent())
                        .map(it -> new Reflector(it, time));
        this.time = time;
        this.random = random;
        this.settings = settings;
    }

    /**
     * What receiving works with.
     *
     * @param checks of mail from other servers; without them all of it is taken
     * @param observations for DMARC reports to others; empty when none are sent
     */
    public record Places(
            Queue queue,
            Blobs blobs,
            Directory directory,
            ReturnPaths returnPaths,
            Rewrites rewrites,
            Optional<Checks> checks,
            Optional<Observations> observations) {
        /** Without checks. */
        public Places(
                Queue queue,
                Blobs blobs,
                Directory directory,
                ReturnPaths returnPaths,
                Rewrites rewrites) {
            this(
                    queue,
                    blobs,
                    directory,
                    returnPaths,
                    rewrites,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** Messages are at most this long; SIZE says so (RFC 1870). */
    public long maxMessageBytes() {
        return settings.maxMessageBytes();
    }

    /**
     * Begins to take in a message. The Received field is made here, from the transaction and the
     * queue id.
     *
     * @throws mansio.state.store.LowSpaceException when there is no room: 452
     * @throws IOException when it cannot tell: 451
     */
    public Reception begin(Transaction transaction) throws IOException {
        return begin(transaction, newId());
    }

    /**
     * As {@link #begin(Transaction)}, for a message that has its id already: who finds out after a
     * crash that the queue knows the id needs not bring the message again.
     *
     * @param id of {@link #newId()}, used for this message only
     */
    public Reception begin(Transaction transaction, QueueId id) throws IOException {
        Transaction begun = canonical(transaction);
        BlobWriter blob = blobs.create();
        try {
            return new Reception(this, begun, blob, id);
        } catch (IOException | RuntimeException e) {
            blob.close();
            throw e;
        }
    }

    /** An id for a message that will come. One that is not used is no harm. */
    public QueueId newId() {
        return queue.newId();
    }

    /** With the sender that the rules make of it, and the note that it is our own. */
    private Transaction canonical(Transaction transaction) throws IOException {
        if (!transaction.origin().isOwn()) return transaction;
        Envelope given = transaction.envelope();
        Optional<Address> sender = given.reversePath();
        if (sender.isPresent())
            sender = Optional.of(rewritten(transaction.origin(), sender.get(), Side.SENDER));
        Envelope envelope =
                new Envelope(
                        sender,
                        given.body(),
                        given.smtpUtf8(),
                        given.source().own(),
                        given.wishes());
        return new Transaction(
                envelope, transaction.origin(), transaction.recipients(), transaction.tls());
    }

    /**
     * The address that the canonical rules make of one in the envelope; the same for mail that is
     * not our own. Whoever takes a recipient asks before routing it; senders are seen to by {@link
     * #begin}.
     */
    public Address rewritten(Origin origin, Address address, Side side) throws IOException {
        return origin.isOwn()
                ? rewrites.map(RewriteKind.CANONICAL, address, side).orElse(address)
                : address;
    }

    /** As {@link #rewritten}, for a recipient of mail of our own. */
    public Address ownRecipient(Address address) throws IOException {
        return rewrites.map(RewriteKind.CANONICAL, address, Side.RECIPIENT).orElse(address);
    }

    /**
     * True when mail of this origin may go on to other servers by aliases, as far as is known
     * before the message has come.
     */
    public boolean forwards(Origin origin) {
        return settings.forwarding().mayAllow(origin);
    }

    /**
     * True when one more bounce may go home to this sender now. Asked once for each.
     *
     * @param to a sender whose mail we forwarded
     */
    public boolean mayReturn(Address to) {
        return returns.take(to);
    }

    /**
     * True for a bounce from another server that cannot be of mail of ours: all mail of this
     * address leaves with a signed reverse-path, and the bounce does not come back to one. Mail
     * whose sender a generic rule changes leaves unsigned, so that its addresses do not count.
     *
     * @param reversePath of the message
     * @param forwardPath as the client gave it
     * @throws IOException when it cannot be told
     */
    public boolean isForeignBounce(
            Origin origin, Optional<Address> reversePath, Address forwardPath) throws IOException {
        return settings.forwarding().tags() == Forwarding.Tags.ENFORCED
                && reversePath.isEmpty()
                && origin instanceof Origin.Outside
                && returnPaths.taggedTime().isEnough()
                && Batv.signs(forwardPath)
                && directory.isAccountAddress(forwardPath)
                && !rewrites.touchesSender(RewriteKind.GENERIC, forwardPath);
    }

    /**
     * True when nobody has this address and mail for it is answered with what was found about it:
     * mail of other servers, to the reflector of a domain of ours.
     */
    public boolean reflects(Origin origin, Optional<Address> reversePath, Address forwardPath)
            throws IOException {
        Optional<Domain> domain = forwardPath.domain();
        return origin instanceof Origin.Outside
                && reversePath.isPresent()
                && reflector.filter(it -> it.has(forwardPath)).isPresent()
                && domain.isPresent()
                && directory.isLocal(domain.get());
    }

    Optional<Reflector> reflector() {
        return reflector;
    }

    Onward onward(boolean authenticated) {
        return new SignedOnward(directory, returnPaths, settings.forwarding(), authenticated);
    }

    Rewrites rewrites() {
        return rewrites;
    }

    /** Begins to check a message; empty when mail of this kind is not checked. */
    Optional<MessageChecks> check(Transaction transaction) {
        if (!(transaction.origin() instanceof Origin.Outside)) return Optional.empty();
        Envelope envelope = transaction.envelope();
        return checks.map(
                it ->
                        it.begin(
                                new Client(
                                        InetAddress.ofLiteral(envelope.source().client()),
                                        envelope.source().helo(),
                                        envelope.reversePath())));
    }

    Optional<Observations> observations() {
        return observations;
    }

    ForgedResults forged() {
        return forged;
    }

    ReturnPaths returnPaths() {
        return returnPaths;
    }

    Queue queue() {
        return queue;
    }

    Directory directory() {
        return directory;
    }

    Time time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }

    InboundSettings settings() {
        return settings;
    }
}
