package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Time;

import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One question to the resolvers of the site, until one of them replies: which server, by datagram
 * or stream, and whether what comes back is a reply at all. Safe for use by any thread.
 *
 * <p>Against forged datagrams (RFC 5452) stand the identifier, the port, and the letters of the
 * name in a mix of cases drawn anew for each query, which servers send back as they came. A reply
 * in another case is not believed; the question goes once more over a stream, where nobody can
 * throw in an answer from aside.
 */
public final class Exchange implements Source, Fetcher {
    /** With EDNS or without, by datagram or stream, in mixed case or not. */
    private static final int MAX_TRIES_OF_A_SERVER = 5;

    private final Supplier<Upstreams> upstreams;
    private final DnsTransport transport;
    private final Time time;
    private final RandomGenerator random;
    private final Habits habits;

    /**
     * @param upstreams asked before each question: it may give others each time
     * @param random that nobody can foresee
     */
    public Exchange(
            Supplier<Upstreams> upstreams,
            DnsTransport transport,
            Time time,
            RandomGenerator random) {
        this.upstreams = upstreams;
        this.transport = transport;
        this.time = time;
        this.random = random;
        habits = new Habits(time);
    }

    /** What one server said. */
    private sealed interface Said {
        record Yes(Reply reply, Message message) implements Said {}

        /** It answers, and this is all it has. */
        record No(Failed failed) implements Said {}

        /** It did not answer; perhaps it does the next time. */
        record Nothing(Failed failed) implements Said {}

        /** To be asked again in another way. */
        record Again(Way way) implements Said {}
    }

    /** How long a stream is tried when a datagram would do, half of what is left at most. */
    private static final Duration STREAM_PATIENCE = Duration.ofSeconds(2);

    /** How a query is sent. */
    private enum Sending {
        DATAGRAM,
        /** Because a datagram cannot hold the reply. */
        STREAM,
        /** Because the reply by datagram came in another case. */
        STREAM_FOR_CASE
    }

    private record Way(Role role, Sending sending, Wire.Edns edns, Spelling spelling) {
        Way by(Sending stream) {
            return new Way(role, stream, edns, spelling);
        }

        Way withoutEdns() {
            return new Way(role, sending, Wire.Edns.NONE, spelling);
        }

        Way plain() {
            return new Way(role, Sending.DATAGRAM, edns, Spelling.LOWER);
        }

        boolean isStream() {
            return sending != Sending.DATAGRAM;
        }

        boolean isMixed() {
            return spelling == Spelling.MIXED;
        }
    }

    /** What a server is to us. */
    private enum Role {
        /** It looks names up. */
        RESOLVER,
        /** It says what it has, or who has more. */
        NAME_SERVER
    }

    private enum Spelling {
        MIXED,
        LOWER
    }

    /** A server that answers with something that is no reply. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }

    @Override
    public Result ask(Question question, long deadlineNanos) {
        return switch (ask(question, Wire.Edns.PLAIN, deadlineNanos)) {
            case Fetched.Message(org.xbill.DNS.Message _, Reply reply, boolean trusted) -> {
                Security said = reply.authentic() ? Security.SECURE : Security.INSECURE;
                yield new Result.Heard(reply, trusted ? said : Security.UNCHECKED);
            }
            case Fetched.Silence(Failed failed) -> new Result.Silence(failed);
        };
    }

    /** What was sent in reply. */
    sealed interface Fetched {
        /**
         * @param reply the same, read
         * @param trusted whether the AD bit counts
         */
        record Message(org.xbill.DNS.Message message, Reply reply, boolean trusted)
                implements Fetched {}

        /** Nothing. */
        record Silence(Failed failed) implements Fetched {}
    }

    /** Asks for signatures too, unchecked: of a server that checks them what it finds wrong. */
    @Override
    public Fetched fetchSigned(Question question, long deadlineNanos) {
        return ask(question, Wire.Edns.DNSSEC, deadlineNanos);
    }

    /** Asks a name server for what it has, with signatures; a referral is an answer, too. */
    Fetched fetchFrom(InetSocketAddress server, Question question, long deadlineNanos) {
        Upstreams now = new Upstreams(List.of(server), upstreams.get().patience(), 1, false);
        return ask(now, question, Wire.Edns.OWN_DATA, deadlineNanos);
    }

    /** These servers, those that did not answer lately behind the others. */
    List<InetSocketAddress> inOrder(List<InetSocketAddress> all) {
        return habits.inOrder(all);
    }

    /** Who would be asked. */
    List<InetSocketAddress> servers() {
        return upstreams.get().servers();
    }

    private Fetched ask(Question question, Wire.Edns edns, long deadlineNanos) {
        return ask(upstreams.get(), question, edns, deadlineNanos);
    }

    /** Asks the servers in turn, the silent ones several times. Blocks. */
    private Fetched ask(Upstreams now, Question question, Wire.Edns edns, long deadlineNanos) {
        List<InetSocketAddress> left = habits.inOrder(now.servers());
        Map<InetSocketAddress, Failed> failures = new LinkedHashMap<>();
        for (int round = 0; round < now.rounds(); round++) {
            for (InetSocketAddress server : List.copyOf(left)) {
                long nanosLeft = deadlineNanos - time.nanos();
                if (nanosLeft <= 0) {
                    failures.putIfAbsent(server, new Failed(Kind.TIMEOUT, "no time left to ask"));
                    return new Fetched.Silence(together(failures));
                }
                long until = time.nanos() + Math.min(nanosLeft, now.patience().toNanos());
                switch (askOne(server, question, edns, until)) {
                    case Said.Yes(Reply reply, Message message) -> {
                        return new Fetched.Message(message, reply, now.trustAd());
                    }
                    case Said.No(Failed failed) -> {
                        failures.put(server, failed);
                        left.remove(server); // Asked again it would say the same.
                        if (failed.kind() == Kind.BOGUS) {
                            // Another server may not look at signatures: no way around them.
                            return new Fetched.Silence(together(failures));
                        }
                    }
                    case Said.Nothing(Failed failed) -> failures.put(server, failed);
                    case Said.Again(Way way) -> throw new IllegalStateException(way.toString());
                }
            }
        }
        return new Fetched.Silence(together(failures));
    }

    private Said askOne(
            InetSocketAddress server, Question question, Wire.Edns edns, long untilNanos) {
        Way way =
                new Way(
                        edns == Wire.Edns.OWN_DATA ? Role.NAME_SERVER : Role.RESOLVER,
                        Sending.DATAGRAM,
                        edns == Wire.Edns.DNSSEC || habits.knowsEdns(server)
                                ? edns
                                : Wire.Edns.NONE,
                        habits.keepsCase(server) ? Spelling.MIXED : Spelling.LOWER);
        try {
            for (int i = 0; i < MAX_TRIES_OF_A_SERVER; i++) {
                Said said = tryOnce(server, question, way, untilNanos);
                if (!(said instanceof Said.Again(Way next))) {
                    return said;
                }
                way = next;
            }
            throw new Broken("its replies make no sense");
        } catch (SocketTimeoutException e) {
            habits.isSilent(server);
            return new Said.Nothing(new Failed(Kind.TIMEOUT, "no answer in time"));
        } catch (Broken e) {
            return new Said.No(new Failed(Kind.MALFORMED, reason(e)));
        } catch (IOException e) {
            habits.isSilent(server);
            return new Said.Nothing(new Failed(Kind.NETWORK, reason(e)));
        }
    }

    private Said tryOnce(InetSocketAddress server, Question question, Way way, long untilNanos)
            throws IOException {
        Query query = Query.of(question, way.edns(), way.isMixed(), random);
        byte[] message;
        try {
            message = send(server, query, way, untilNanos);
        } catch (IOException e) {
            if (way.sending() == Sending.STREAM_FOR_CASE) {
                // No stream, or none that leads anywhere: the datagram is all there is.
                return new Said.Again(way.plain());
            }
            throw e;
        }
        habits.answered(server);
        if (!query.isAnsweredBy(message)) {
            throw new Broken("it answers another question");
        }
        if (way.isMixed() && !query.keepsCase(message)) {
            if (!way.isStream()) {
                return new Said.Again(way.by(Sending.STREAM_FOR_CASE));
            }
            habits.losesCase(server);
        }
        if (Query.isCut(message)) {
            if (!way.isStream()) {
                return new Said.Again(way.by(Sending.STREAM));
            }
            throw new Broken("its reply is cut short");
        }
        return judge(server, question, way, parsed(query.inLowerCase(message)));
    }

    private byte[] send(InetSocketAddress server, Query query, Way way, long untilNanos)
            throws IOException {
        return switch (way.sending()) {
            case DATAGRAM ->
                    transport.datagram(server, query.bytes(), query::isAnsweredBy, untilNanos);
            case STREAM -> transport.stream(server, query.bytes(), untilNanos);
            case STREAM_FOR_CASE -> {
                // Where a stream is silently dropped, time must remain to do without it.
                long half = (untilNanos - time.nanos()) / 2;
                long patience = Math.min(half, STREAM_PATIENCE.toNanos());
                yield transport.stream(server, query.bytes(), time.nanos() + patience);
            }
        };
    }

    private static Message parsed(byte[] message) throws Broken {
        try {
            return Wire.parse(message);
        } catch (IOException e) {
            throw new Broken(reason(e));
        }
    }

    private Said judge(InetSocketAddress server, Question question, Way way, Message message)
            throws Broken {
        int code = message.getRcode();
        return switch (code) {
            case Rcode.NOERROR, Rcode.NXDOMAIN -> reply(question, way.role(), message);
            case Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS -> {
                if (way.edns() != Wire.Edns.PLAIN && way.edns() != Wire.Edns.OWN_DATA) {
                    // Without EDNS there would be no signatures.
                    throw new Broken(Rcode.string(code));
                }
                habits.knowsNoEdns(server);
                yield new Said.Again(way.withoutEdns());
            }
            case Rcode.SERVFAIL ->
                    Wire.saysBogus(message)
                            ? new Said.No(new Failed(Kind.BOGUS, "wrong signatures"))
                            : new Said.No(new Failed(Kind.SERVFAIL, "SERVFAIL"));
            default -> new Said.No(new Failed(Kind.REFUSED, Rcode.string(code)));
        };
    }

    private static Said reply(Question question, Role role, Message message) throws Broken {
        try {
            Reply reply = Wire.reply(message, message.getRcode() == Rcode.NOERROR);
            return role == Role.RESOLVER && reply.isNoAnswer(question.name())
                    ? new Said.No(new Failed(Kind.REFUSED, "it does not look up names for us"))
                    : new Said.Yes(reply, message);
        } catch (IOException e) {
            throw new Broken(reason(e));
        }
    }

    /** One failure of all: the kind that says most, and each server's own reason. */
    private static Failed together(Map<InetSocketAddress, Failed> failures) {
        Optional<Kind> kind = failures.values().stream().map(Failed::kind).max(TELLING);
        String reasons =
                failures.entrySet().stream()
                        .map(
                                entry ->
                                        entry.getKey().getAddress().getHostAddress()
                                                + ": "
                                                + entry.getValue().reason())
                        .collect(Collectors.joining("; "));
        return kind.map(found -> new Failed(found, reasons))
                .orElseGet(() -> new Failed(Kind.NETWORK, "no name server is known"));
    }

    private static final Comparator<Kind> TELLING =
            Comparator.comparingInt(
                    kind ->
                            List.of(
                                            Kind.NETWORK,
                                            Kind.TIMEOUT,
                                            Kind.MALFORMED,
                                            Kind.REFUSED,
                                            Kind.SERVFAIL,
                                            Kind.BOGUS)
                                    .indexOf(kind));

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
