package mansio.net.dns;

import com.google.errorprone.annotations.FormatMethod;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.UpdateResult.Broken;
import mansio.net.dns.UpdateResult.Done;
import mansio.net.dns.UpdateResult.Outdated;
import mansio.net.dns.UpdateResult.Reason;
import mansio.net.dns.UpdateResult.Refused;
import mansio.net.dns.UpdateResult.Unknown;
import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks one server to change its zones (RFC 2136), over TCP and signed with a key that both know
 * (RFC 8945). Safe for use by any thread; it blocks.
 */
public final class UpdateClient {
    /** For a question about a zone. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int TIME_OCTETS = 6;

    private final InetSocketAddress server;
    private final DnsTransport transport;
    private final Time time;
    private final RandomGenerator random;
    private final Exchange exchange;

    /**
     * @param random that nobody can foresee
     */
    public UpdateClient(
            InetSocketAddress server, DnsTransport transport, Time time, RandomGenerator random) {
        this.server = server;
        this.transport = transport;
        this.time = time;
        this.random = random;
        Upstreams upstreams = new Upstreams(List.of(server), PATIENCE, 2, false);
        exchange = new Exchange(() -> upstreams, transport, time, random);
    }

    /** Where a name belongs. */
    public sealed interface Place {
        /** Into a zone that the server knows. */
        record In(DnsName zone) implements Place {}

        /** Into none that the server knows. */
        record Elsewhere(String reason) implements Place {}

        /** The server does not answer. */
        record Unknown(String reason) implements Place {}
    }

    /**
     * The zone of a name, by the SOA record that the server shows for it.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     */
    public Place zoneOf(DnsName name, long deadlineNanos) {
        Optional<DnsName> at = Optional.of(name);
        while (at.isPresent()) {
            DnsName asked = at.get();
            Source.Result result = exchange.ask(new Question(asked, RecordType.SOA), deadlineNanos);
            switch (result) {
                case Source.Result.Silence(Failed failed) -> {
                    return failed.kind() == Kind.REFUSED
                            ? new Place.Elsewhere(failed.reason())
                            : new Place.Unknown(failed.reason());
                }
                case Source.Result.Heard(Reply reply, Security _) -> {
                    boolean alias =
                            reply.answers().stream()
                                    .anyMatch(
                                            it ->
                                                    it instanceof DnsRecord.Cname
                                                            && it.name().equals(asked));
                    // The SOA record beside an alias may be that of its target.
                    if (!alias) return place(asked, reply);
                    at = asked.parent();
                }
            }
        }
        return new Place.Elsewhere("the root is an alias");
    }

    private static Place place(DnsName asked, Reply reply) {
        for (DnsRecord record : reply.answers()) {
            if (record instanceof DnsRecord.Soa && record.name().equals(asked)) {
                return new Place.In(asked);
            }
        }
        return reply.soa()
                .map(DnsRecord.Soa::name)
                .filter(asked::isWithin)
                .<Place>map(Place.In::new)
                .orElseGet(() -> new Place.Elsewhere("the server shows no zone of " + asked));
    }

    /**
     * Sends an update and waits for what comes of it.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     */
    public UpdateResult send(ZoneUpdate update, TsigKey key, long deadlineNanos) {
        try {
            int id = random.nextInt(1 << 16);
            Message message = UpdateWire.message(update, id);
            TSIG signer = UpdateWire.signer(key, time);
            signer.apply(message, null);
            byte[] bytes = message.toWire();
            if (bytes.length > DnsTransport.MAX_MESSAGE) {
                return new Refused(
                        Reason.TOO_LARGE, "the changes do not fit into one message of the DNS");
            }
            byte[] answer = transport.stream(server, bytes, deadlineNanos);
            Message reply = Wire.parse(answer);
            if (!isAnswer(reply, id)) return new Unknown("it answers something else");
            boolean signed =
                    isSignature(reply.getTSIG())
                            && signer.verify(reply, answer, message.getTSIG()) == Rcode.NOERROR;
            return judge(reply, signed, new Subject(update.zone(), key));
        } catch (SocketTimeoutException e) {
            return new Unknown("no answer in time");
        } catch (IOException e) {
            return new Unknown(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static boolean isAnswer(Message reply, int id) {
        return reply.getHeader().getID() == id
                && reply.getHeader().getFlag(Flags.QR)
                && reply.getHeader().getOpcode() == Opcode.UPDATE;
    }

    /** RFC 8945 section 4.2: of class ANY and with TTL 0, as which the library takes all. */
    private static boolean isSignature(@Nullable TSIGRecord tsig) {
        return tsig != null && tsig.getDClass() == DClass.ANY && tsig.getTTL() == 0;
    }

    private record Subject(DnsName zone, TsigKey key) {}

    /**
     * RFC 8945 section 5.4: what is not signed as it should be says nothing for sure. A "no" is
     * told as it came; a "yes", and why nothing was changed, must be the server's own.
     */
    private UpdateResult judge(Message reply, boolean signed, Subject subject) {
        int code = reply.getRcode();
        TSIGRecord tsig = reply.getTSIG();
        if (code == Rcode.NOTAUTH && tsig != null && tsig.getError() != Rcode.NOERROR) {
            return keyTrouble(tsig, subject.key());
        }
        Optional<Refused> refused = refused(code, subject);
        if (refused.isPresent()) {
            return signed
                    ? refused.get()
                    : new Refused(
                            refused.get().reason(),
                            refused.get().sentence() + " (an answer without a valid signature)");
        }
        if (!signed) {
            return new Unknown(
                    "it says "
                            + Rcode.string(code)
                            + ", and not with the signature of the key "
                            + subject.key().name());
        }
        return switch (code) {
            case Rcode.NOERROR -> new Done();
            case Rcode.NXRRSET -> new Outdated(Broken.SET_DIFFERS);
            case Rcode.YXRRSET -> new Outdated(Broken.SET_IS_THERE);
            case Rcode.NXDOMAIN -> new Outdated(Broken.NAME_NOT_IN_USE);
            case Rcode.YXDOMAIN -> new Outdated(Broken.NAME_IN_USE);
            case Rcode.SERVFAIL ->
                    new Unknown("it says SERVFAIL: it cannot change the zone now; see its log");
            default -> new Refused(Reason.OTHER, "the server says " + Rcode.string(code));
        };
    }

    /** RFC 2136 section 2.2: what is said no to, by whoever can read the message. */
    private static Optional<Refused> refused(int code, Subject subject) {
        return switch (code) {
            case Rcode.REFUSED ->
                    refusal(
                            Reason.NOT_PERMITTED,
                            "REFUSED: the server does not let the key %s change the zone %s, or"
                                    + " these names and types in it (allow-update or update-policy"
                                    + " of BIND, acl of Knot)",
                            subject.key().name(),
                            subject.zone());
            case Rcode.NOTAUTH ->
                    refusal(
                            Reason.NOT_THE_SERVER,
                            "NOTAUTH: the server is not the one where the zone %s is changed; name"
                                    + " its primary server",
                            subject.zone());
            case Rcode.NOTZONE ->
                    refusal(
                            Reason.NOT_IN_ZONE,
                            "NOTZONE: a name does not belong to the zone %s for the server",
                            subject.zone());
            case Rcode.NOTIMP ->
                    refusal(
                            Reason.NOT_SUPPORTED,
                            "NOTIMP: the server does not take dynamic updates (RFC 2136)");
            case Rcode.FORMERR ->
                    refusal(
                            Reason.NOT_UNDERSTOOD,
                            "FORMERR: the server does not understand the update");
            default -> Optional.empty();
        };
    }

    @FormatMethod
    private static Optional<Refused> refusal(Reason reason, String sentence, Object... words) {
        return Optional.of(new Refused(reason, sentence.formatted(words)));
    }

    /** RFC 8945 section 5.2: of an unsigned answer, as nobody could sign it. */
    private UpdateResult keyTrouble(TSIGRecord tsig, TsigKey key) {
        return switch (tsig.getError()) {
            case Rcode.BADKEY ->
                    new Refused(
                            Reason.UNKNOWN_KEY,
                            // Knot says so, too, of a key that may not do this.
                            "BADKEY: the server knows no key %s with %s, or lets it change nothing"
                                            .formatted(key.name(), key.algorithm().text())
                                    + " in this zone");
            case Rcode.BADSIG ->
                    new Refused(
                            Reason.WRONG_SECRET,
                            "BADSIG: the secret is not the one that the server has for the key "
                                    + key.name());
            case Rcode.BADTIME -> new Refused(Reason.CLOCKS_DIFFER, clocks(tsig));
            case Rcode.BADTRUNC ->
                    new Refused(
                            Reason.SHORT_SIGNATURE,
                            "BADTRUNC: the server wants longer signatures than those of "
                                    + key.algorithm().text());
            default ->
                    new Refused(
                            Reason.OTHER,
                            "NOTAUTH: the server says " + Rcode.TSIGstring(tsig.getError()));
        };
    }

    /** RFC 8945 section 5.2.3: the server tells its time. */
    private String clocks(TSIGRecord tsig) {
        byte[] other = tsig.getOther();
        String theirs = "";
        if (other != null && other.length == TIME_OCTETS) {
            long seconds = 0;
            for (byte octet : other) seconds = (seconds << 8) | (octet & 0xff);
            theirs = ": it is " + Instant.ofEpochSecond(seconds) + " there";
        }
        return "BADTIME: the clocks differ too much%s and %s here"
                .formatted(theirs, Instant.ofEpochSecond(time.now().getEpochSecond()));
    }
}
