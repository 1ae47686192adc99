package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Time;

import org.xbill.DNS.Rcode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Walks through the DNS from the root by itself (RFC 1034 section 5.3.3): each name server is asked
 * for what it has, and says it, or who has more. Safe for use by any thread.
 *
 * <p>A server is believed about names of its zone only, and about addresses of name servers only as
 * far as they are names of its zone. What one question may cost is bounded, whatever the zones on
 * the way say (CVE-2020-12667).
 */
public final class Recursor implements Source, Fetcher {
    /** Queries for one question, those for addresses of name servers included. */
    static final int MAX_QUERIES = 50;

    /** Name servers of a zone whose addresses are looked up, when the zone above has none. */
    static final int MAX_NAMES = 3;

    /** Looking up addresses may need more addresses; so many times. */
    static final int MAX_DEPTH = 3;

    /** Addresses of a zone that are asked until one answers. */
    static final int MAX_SERVERS = 6;

    private final Exchange exchange;
    private final ZoneCut.Known known;
    private final Time time;
    private final RandomGenerator random;

    /**
     * @param exchange carries the queries; its own servers are those of the root
     * @param random for the order of servers
     */
    public Recursor(Exchange exchange, Time time, RandomGenerator random) {
        this.exchange = exchange;
        this.known = new ZoneCut.Known(time, exchange.servers());
        this.time = time;
        this.random = random;
    }

    /** One question and what it may still cost. Used by one thread. */
    private static final class Errand {
        final long deadlineNanos;
        int queries;

        Errand(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** Where a question led. */
    private sealed interface Step {
        record Said(Exchange.Fetched.Message message) implements Step {}

        record Down(ZoneCut cut) implements Step {}

        record Stuck(Failed failed) implements Step {}
    }

    @Override
    public Result ask(Question question, long deadlineNanos) {
        return switch (fetchSigned(question, deadlineNanos)) {
            case Exchange.Fetched.Message(org.xbill.DNS.Message _, Reply reply, boolean _) ->
                    new Result.Heard(reply, Security.UNCHECKED);
            case Exchange.Fetched.Silence(Failed failed) -> new Result.Silence(failed);
        };
    }

    /** All of a chain of aliases, as a resolver would send it. */
    @Override
    public Exchange.Fetched fetchSigned(Question question, long deadlineNanos) {
        Errand errand = new Errand(deadlineNanos);
        Exchange.Fetched all = walk(question, errand, 0);
        for (int alias = 0; alias < StubResolver.MAX_CHAIN; alias++) {
            if (!(all instanceof Exchange.Fetched.Message(var message, Reply reply, boolean _))) {
                return all;
            }
            Optional<DnsName> end = AliasChain.openEnd(question, reply);
            if (end.isEmpty()) return all;
            all =
                    switch (walk(new Question(end.get(), question.type()), errand, 0)) {
                        case Exchange.Fetched.Silence silence -> silence;
                        case Exchange.Fetched.Message(var next, Reply _, boolean _) ->
                                joined(message, next);
                    };
        }
        return all;
    }

    private static Exchange.Fetched joined(
            org.xbill.DNS.Message first, org.xbill.DNS.Message next) {
        try {
            org.xbill.DNS.Message all = AliasChain.joined(first, next);
            Reply reply = Wire.reply(all, all.getRcode() == Rcode.NOERROR);
            return new Exchange.Fetched.Message(all, reply, false);
        } catch (IOException e) {
            return new Exchange.Fetched.Silence(
                    new Failed(Kind.MALFORMED, String.valueOf(e.getMessage())));
        }
    }

    private Exchange.Fetched walk(Question question, Errand errand, int depth) {
        ZoneCut cut = known.nearest(question);
        boolean fresh = cut.zone().isRoot();
        // Each zone on the way down is longer than the last one: it ends by itself, too.
        while (true) {
            switch (askZone(cut, question, errand, depth)) {
                case Step.Said(Exchange.Fetched.Message message) -> {
                    return message;
                }
                case Step.Down(ZoneCut lower) -> {
                    known.keep(lower);
                    cut = lower;
                    fresh = true;
                }
                case Step.Stuck(Failed failed) -> {
                    if (fresh || cut.isDead()) return new Exchange.Fetched.Silence(failed);
                    // The zone may have moved since its servers were remembered.
                    known.forget(cut);
                    cut = known.nearest(question);
                    fresh = cut.zone().isRoot();
                }
            }
        }
    }

    private Step askZone(ZoneCut cut, Question question, Errand errand, int depth) {
        Failed failed =
                new Failed(Kind.NETWORK, "no name server of " + cut.zone() + " can be found");
        List<InetSocketAddress> servers = new ArrayList<>(cut.servers());
        if (servers.isEmpty()) servers.addAll(lookedUp(cut, errand, depth));
        Collections.shuffle(servers, Random.from(random));
        int asked = 0;
        for (InetSocketAddress server : exchange.inOrder(servers)) {
            if (asked++ == MAX_SERVERS) break;
            if (isSpent(errand)) return new Step.Stuck(spent(errand));
            errand.queries++;
            switch (exchange.fetchFrom(server, question, errand.deadlineNanos)) {
                case Exchange.Fetched.Silence(Failed silence) ->
                        failed =
                                new Failed(
                                        silence.kind(),
                                        "name servers of " + cut.zone() + ": " + silence.reason());
                case Exchange.Fetched.Message heard -> {
                    Optional<Step> step = read(cut, question, heard);
                    if (step.isPresent()) return step.get();
                    failed =
                            new Failed(
                                    Kind.REFUSED,
                                    "name servers of " + cut.zone() + " do not know the zone");
                }
            }
        }
        return new Step.Stuck(failed);
    }

    private boolean isSpent(Errand errand) {
        return errand.queries >= MAX_QUERIES || errand.deadlineNanos - time.nanos() <= 0;
    }

    private static Failed spent(Errand errand) {
        return errand.queries >= MAX_QUERIES
                ? new Failed(Kind.MALFORMED, "it takes more than " + MAX_QUERIES + " queries")
                : new Failed(Kind.TIMEOUT, "no time left to ask");
    }

    /** Empty for a server that knows nothing of its zone. */
    private static Optional<Step> read(
            ZoneCut cut, Question question, Exchange.Fetched.Message heard) {
        return NameServerReply.of(cut.zone(), question, heard.message())
                .map(
                        it ->
                                switch (it) {
                                    case NameServerReply.Data(var message, Reply reply) ->
                                            new Step.Said(
                                                    new Exchange.Fetched.Message(
                                                            message, reply, false));
                                    case NameServerReply.Referral(ZoneCut lower) ->
                                            new Step.Down(lower);
                                });
    }

    /** Addresses of servers that the zone above gives by name only. */
    private List<InetSocketAddress> lookedUp(ZoneCut cut, Errand errand, int depth) {
        List<InetSocketAddress> found = new ArrayList<>();
        if (depth < MAX_DEPTH) {
            List<DnsName> names = new ArrayList<>(cut.names());
            Collections.shuffle(names, Random.from(random));
            for (DnsName name : names.subList(0, Math.min(MAX_NAMES, names.size()))) {
                if (isSpent(errand)) break;
                for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
                    addresses(walk(new Question(name, type), errand, depth + 1), name, found);
                }
            }
        }
        if (!found.isEmpty()) {
            known.keep(cut.found(found));
        } else if (depth < MAX_DEPTH && !isSpent(errand)) {
            // Not looked for again by each question below.
            known.keep(new ZoneCut(cut.zone(), List.of(), List.of(), 0));
        }
        return found;
    }

    private static void addresses(
            Exchange.Fetched fetched, DnsName name, List<InetSocketAddress> found) {
        if (!(fetched instanceof Exchange.Fetched.Message(var _, Reply reply, boolean _))) return;
        for (DnsRecord record : reply.answers()) {
            if (!record.name().equals(name)) continue;
            if (record instanceof DnsRecord.A a) add(a.address(), found);
            if (record instanceof DnsRecord.Aaaa aaaa) add(aaaa.address(), found);
        }
    }

    private static void add(InetAddress address, List<InetSocketAddress> found) {
        if (ZoneCut.mayBeAsked(address) && found.size() < MAX_SERVERS) {
            found.add(new InetSocketAddress(address, Upstreams.PORT));
        }
    }
}
