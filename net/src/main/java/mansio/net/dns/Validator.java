package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.dnssec.ValidatingResolver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Checks the signatures of replies, from the keys of the root down (RFC 4035 section 5). A reply is
 * {@link Security#SECURE}, or proven to come from a part of the DNS that is not signed; all else is
 * {@link Kind#BOGUS}. Safe for use by any thread.
 *
 * <p>The library checks, and tells the time from our clock. It asks through our fetcher, on the
 * thread of the caller and until its deadline; parts of its computing run on the common pool of
 * Java, where nothing waits. What it may be made to do is bounded: by {@link SignedLimits}, its own
 * limits set below, and {@link #MAX_FETCHES}.
 */
public final class Validator implements Source {
    /** Messages for one reply: each label may be a zone, with its DS and DNSKEY records. */
    static final int MAX_FETCHES = 100;

    private final ValidatingResolver library;
    private final Time time;

    /**
     * @param time whose {@code now()} must be right: signatures have a beginning and an end
     */
    public Validator(Fetcher fetcher, TrustAnchors anchors, Time time) {
        this.time = time;
        library = new ValidatingResolver(new Head(fetcher), Clocks.of(time));
        try {
            library.init(limits());
            byte[] octets = anchors.text().getBytes(StandardCharsets.US_ASCII);
            library.loadTrustAnchors(new ByteArrayInputStream(octets));
        } catch (IOException e) {
            throw new UncheckedIOException("the trust anchors cannot be read", e);
        }
    }

    /** Against replies made to keep us busy: keys and signatures that fit in no combination. */
    private static Properties limits() {
        Properties limits = new Properties();
        limits.setProperty("dnsjava.dnssec.max_validate_rrsigs", "8");
        limits.setProperty("dnsjava.dnssec.max_ds_match_failures", "4");
        // RFC 9276 section 3.2: beyond this a zone counts as not signed.
        for (int bits : new int[] {1024, 2048, 4096}) {
            limits.setProperty("dnsjava.dnssec.nsec3.iterations." + bits, "100");
        }
        return limits;
    }

    @Override
    public Result ask(Question question, long deadlineNanos) {
        LookUp lookUp = new LookUp(deadlineNanos);
        try {
            CompletableFuture<Message> future =
                    library.sendAsync(query(question), lookUp).toCompletableFuture();
            var _ = future.whenComplete((_, _) -> lookUp.steps.add(() -> {}));
            while (!future.isDone()) {
                lookUp.steps.take().run();
            }
            return judged(question, future.join(), lookUp);
        } catch (CompletionException e) {
            Failed odd = new Failed(Kind.MALFORMED, "the reply cannot be checked: " + e.getCause());
            return new Result.Silence(lookUp.failed == null ? odd : lookUp.failed);
        } catch (IOException e) {
            return new Result.Silence(new Failed(Kind.MALFORMED, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Silence(new Failed(Kind.OVERLOAD, "the check was interrupted"));
        }
    }

    private static Message query(Question question) throws IOException {
        Name name = new Name(question.name().wire());
        Message query = Message.newQuery(Record.newRecord(name, question.type().code(), DClass.IN));
        query.addRecord(new OPTRecord(Wire.UDP_SIZE, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        return query;
    }

    private Result judged(Question question, Message message, LookUp lookUp) throws IOException {
        boolean secure = message.getHeader().getFlag(Flags.AD);
        Failed failed = lookUp.failed;
        if (failed != null && !secure) {
            // Without what could not be had nothing is proven.
            return new Result.Silence(failed);
        }
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            String reason = bogusReason(message).orElse("wrong signatures");
            return new Result.Silence(new Failed(Kind.BOGUS, question + ": " + reason));
        }
        Reply reply = Wire.reply(message, code == Rcode.NOERROR);
        return secure
                ? new Result.Heard(reply.checked(secondsLeft(message)), Security.SECURE)
                : new Result.Heard(reply, Security.INSECURE);
    }

    private static Optional<String> bogusReason(Message message) {
        OPTRecord opt = message.getOPT();
        if (opt == null) {
            return Optional.empty();
        }
        for (EDNSOption option : opt.getOptions()) {
            if (option instanceof ExtendedErrorCodeOption error && error.getText() != null) {
                return Optional.of(error.getText().replaceAll("\\p{Cntrl}+", " "));
            }
        }
        return Optional.empty();
    }

    /** How long the signatures hold still (RFC 4035 section 5.3.3). */
    private int secondsLeft(Message message) {
        long least = Integer.MAX_VALUE;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : message.getSection(section)) {
                if (record instanceof RRSIGRecord signature) {
                    Duration left = Duration.between(time.now(), signature.getExpire());
                    least = Math.min(least, Math.min(left.toSeconds(), signature.getOrigTTL()));
                }
            }
        }
        return (int) Math.max(0, least);
    }

    /**
     * What one question of ours may still cost, and what is to be fetched for it. The fields are
     * those of the thread that asks, which takes the steps; other threads add some.
     */
    private static final class LookUp implements Executor {
        final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
        final long deadlineNanos;
        int fetches;

        /** Null until something could not be had. */
        @Nullable Failed failed;

        LookUp(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void execute(Runnable task) {
            steps.add(task);
        }
    }

    /** What the library asks, with the executor of {@link #ask} to tell for whom. */
    private record Head(Fetcher fetcher) implements Resolver {
        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            LookUp lookUp = (LookUp) executor;
            CompletableFuture<Message> future = new CompletableFuture<>();
            lookUp.steps.add(
                    () -> {
                        try {
                            future.complete(fetched(query.getQuestion(), lookUp));
                        } catch (IOException | RuntimeException e) {
                            future.completeExceptionally(e);
                        }
                    });
            return future;
        }

        private Message fetched(Record asked, LookUp lookUp) throws IOException {
            Optional<RecordType> type = RecordType.of(asked.getType());
            Failed failed;
            if (lookUp.failed != null) {
                failed = lookUp.failed;
            } else if (type.isEmpty()) {
                failed = new Failed(Kind.MALFORMED, "the check needs records of another type");
            } else if (++lookUp.fetches > MAX_FETCHES) {
                failed = new Failed(Kind.MALFORMED, "the chain of keys is too long");
            } else {
                Question question = new Question(Wire.name(asked.getName()), type.get());
                switch (fetcher.fetchSigned(question, lookUp.deadlineNanos)) {
                    case Exchange.Fetched.Silence(Failed silence) -> failed = silence;
                    case Exchange.Fetched.Message(Message message, Reply _, boolean _) -> {
                        Optional<String> excess = SignedLimits.excess(message);
                        if (excess.isEmpty()) {
                            return message;
                        }
                        failed = new Failed(Kind.MALFORMED, excess.get());
                    }
                }
            }
            lookUp.failed = failed;
            throw new IOException(failed.reason());
        }

        // How messages travel is not the library's affair.

        @Override
        public void setPort(int port) {}

        @Override
        public void setTCP(boolean tcp) {}

        @Override
        public void setIgnoreTruncation(boolean ignore) {}

        @Override
        public void setEDNS(int version, int size, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(@Nullable TSIG key) {}

        @Override
        public void setTimeout(Duration timeout) {}
    }
}
