package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks the resolvers of the site each time, and remembers nothing but how they behave. A cache goes
 * before it ({@link CachingResolver}). Safe for use by any thread.
 */
public final class StubResolver implements Resolver, Upstream {
    /** CNAME records that are followed for one question. */
    static final int MAX_CHAIN = 8;

    /** Records of one name and type; the largest message holds 4,000 addresses. */
    static final int MAX_RECORDS = 1000;

    private final Source source;

    /** Takes the replies, which may be checked by {@link Validator}. */
    public StubResolver(Source source) {
        this.source = source;
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        return ask(question, deadlineNanos).answer();
    }

    @Override
    public Outcome ask(Question question, long deadlineNanos) {
        Walk walk = new Walk(question);
        // Every further query is for a name that a CNAME record newly led to.
        for (int query = 0; query <= MAX_CHAIN; query++) {
            Source.Result result = source.ask(walk.next(), deadlineNanos);
            switch (result) {
                case Source.Result.Silence(Failed failed) -> {
                    return new Outcome(walk.explained(failed), 0);
                }
                case Source.Result.Heard(Reply reply, Security said) -> {
                    walk.read(reply, said);
                    if (walk.outcome != null) {
                        return walk.outcome;
                    }
                }
            }
        }
        return walk.failed(Kind.CNAME_LOOP, "too many CNAME records");
    }

    /** The way of one question from name to name. Used by one thread. */
    private static final class Walk {
        private final Question question;
        private final List<DnsName> visited = new ArrayList<>();
        private DnsName name;
        private int ttlSeconds = Integer.MAX_VALUE;
        private Security security = Security.SECURE;

        /** Null while the way goes on. */
        @Nullable Outcome outcome;

        Walk(Question question) {
            this.question = question;
            name = question.name();
            visited.add(name);
        }

        Question next() {
            return new Question(name, question.type());
        }

        /** Goes as far as this reply leads. */
        void read(Reply reply, Security said) {
            security = security.and(said);
            DnsName asked = name;
            while (outcome == null) {
                List<DnsRecord> here =
                        reply.answers().stream()
                                .filter(record -> record.name().equals(name))
                                .distinct()
                                .toList();
                List<DnsRecord> wanted =
                        here.stream().filter(record -> typeOf(record) == code()).toList();
                List<DnsName> targets =
                        here.stream()
                                .filter(DnsRecord.Cname.class::isInstance)
                                .map(record -> ((DnsRecord.Cname) record).target())
                                .distinct()
                                .toList();
                if (!wanted.isEmpty()) {
                    outcome = found(reply, wanted);
                } else if (targets.isEmpty()) {
                    outcome = end(reply, asked);
                    return;
                } else {
                    follow(here, targets);
                }
            }
        }

        private int code() {
            return question.type().code();
        }

        private void follow(List<DnsRecord> here, List<DnsName> targets) {
            DnsName target = targets.getFirst();
            if (targets.size() > 1) {
                outcome = failed(Kind.MALFORMED, name + " has several CNAME records");
            } else if (visited.contains(target)) {
                outcome = failed(Kind.CNAME_LOOP, "CNAME records lead back to " + target);
            } else if (visited.size() > MAX_CHAIN) {
                outcome = failed(Kind.CNAME_LOOP, "too many CNAME records");
            } else {
                limitTtl(here);
                visited.add(target);
                name = target;
            }
        }

        private Outcome found(Reply reply, List<DnsRecord> wanted) {
            if (!reply.nameExists()) {
                return failed(Kind.MALFORMED, "the reply has records of a name it denies");
            }
            if (wanted.size() > MAX_RECORDS) {
                return failed(Kind.MALFORMED, wanted.size() + " records are too many");
            }
            limitTtl(wanted);
            List<DnsRecord> records =
                    wanted.stream().map(record -> Ttl.of(record, ttlSeconds)).distinct().toList();
            return new Outcome(new Found(records, name, security), ttlSeconds);
        }

        /**
         * What it means that the reply has nothing on the name reached. RFC 6604 section 3: the
         * code is about the last name of the chain; who shows no SOA record may not know that.
         *
         * @return null when that name must be asked for: the reply may just have stopped there
         */
        private @Nullable Outcome end(Reply reply, DnsName asked) {
            boolean vouched = reply.vouchesFor(name);
            // An alias of another name, however well signed, says nothing of this one.
            if (name.equals(asked) ? !reply.answers().isEmpty() : !reply.hasOnlyAliases()) {
                return failed(Kind.MALFORMED, "the reply has records that were not asked for");
            }
            if (!name.equals(asked) && !vouched) {
                return null;
            }
            Answer no =
                    reply.nameExists()
                            ? new NoData(name, security)
                            : new NoSuchName(name, security);
            return new Outcome(no, negativeTtl(reply, vouched));
        }

        private int negativeTtl(Reply reply, boolean vouched) {
            return vouched
                    ? reply.soa()
                            .map(soa -> Math.min(soa.ttlSeconds(), soa.minimumSeconds()))
                            .map(ttl -> Math.min(ttl, ttlSeconds))
                            .orElse(0)
                    : 0;
        }

        private void limitTtl(List<DnsRecord> used) {
            used.forEach(record -> ttlSeconds = Math.min(ttlSeconds, record.ttlSeconds()));
        }

        Outcome failed(Kind kind, String reason) {
            return new Outcome(explained(new Failed(kind, reason)), 0);
        }

        Failed explained(Failed failed) {
            return new Failed(
                    failed.kind(),
                    name.equals(question.name())
                            ? failed.reason()
                            : failed.reason() + " (asking for " + name + ")");
        }

        private static int typeOf(DnsRecord record) {
            return RecordType.codeOf(record);
        }
    }
}
