package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.net.time.Time;
import mansio.state.store.Entry;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.trust.srs.Batv;
import mansio.trust.srs.LoopMarks;
import mansio.trust.srs.SigningKeys;
import mansio.trust.srs.Srs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Reverse-paths of ours, signed so that we know them when a bounce comes to them: for mail that we
 * forward (SRS), and for our own senders (BATV). The secrets, and senders too long to be written
 * into an address, are kept in the directory's partition. Safe for use by any thread.
 */
public final class ReturnPaths {
    private static final String SETTING = "return-path-keys";
    private static final int SECRET_LENGTH = 32;
    private static final char SEPARATOR = '=';

    /** A day more than any address is good. */
    private static final Duration KEEP = Duration.ofDays(Srs.MAX_AGE_DAYS + 1);

    private final Partition partition;
    private final Time time;
    private final RandomGenerator random;
    private final ReentrantLock changing = new ReentrantLock();

    /** The newest first; empty until the first address is signed. */
    private volatile List<Secret> secrets;

    private final TaggedTime taggedTime;

    private record Secret(byte[] bytes, Instant made) {}

    private ReturnPaths(
            Partition partition, Time time, RandomGenerator random, List<Secret> secrets) {
        this.taggedTime = new TaggedTime(partition, time);
        this.partition = partition;
        this.time = time;
        this.random = random;
        this.secrets = secrets;
    }

    static ReturnPaths open(Partition partition, Time time, RandomGenerator random)
            throws IOException {
        List<Secret> secrets =
                partition.get(Rows.setting(SETTING)).map(ReturnPaths::decode).orElse(List.of());
        return new ReturnPaths(partition, time, random, secrets);
    }

    /**
     * What an address of ours with the form of such a reverse-path turned out to be.
     *
     * @param original whose mail it is; empty when it is not to be believed
     */
    record Opened(String rule, Optional<Address> original, String outcome) {
        static Opened good(String rule, Address original) {
            return new Opened(rule, Optional.of(original), "stands for " + original);
        }

        static Opened bad(String rule, String outcome) {
            return new Opened(rule, Optional.empty(), outcome);
        }
    }

    /**
     * The reverse-path with which mail of a foreign sender leaves.
     *
     * @param by a domain of ours
     * @throws IOException when a sender that has to be stored cannot be
     */
    public Address forwarded(Address sender, Domain by) throws IOException {
        Srs srs = new Srs(signing(), SEPARATOR);
        Optional<Address> whole = srs.rewrite(sender, by, today());
        return whole.isPresent() ? whole.get() : srs.rewriteStored(store(srs, sender), by, today());
    }

    /** The reverse-path with which mail of an own sender leaves, so that bounces can be told. */
    public Address tagged(Address sender) throws IOException {
        return new Batv(signing()).sign(sender, today());
    }

    /** For how long own senders have been tagged. */
    public TaggedTime taggedTime() {
        return taggedTime;
    }

    /** The mark of what is forwarded for an address of ours, for a header field. */
    public String loopMark(Address address) throws IOException {
        return new LoopMarks(signing()).of(address);
    }

    /** True for the mark of this address. */
    public boolean isLoopMark(String text, Address address) {
        return new LoopMarks(verifying()).is(text, address);
    }

    /** Empty for an address that has no such form. */
    Optional<Opened> open(Address address) throws IOException {
        LocalPart localPart = address.localPart();
        boolean srsForm = Ascii.startsWithIgnoreCase(localPart.text(), "SRS");
        boolean batvForm = Ascii.startsWithIgnoreCase(localPart.text(), "prvs=");
        if (!srsForm && !batvForm) {
            return Optional.empty();
        }
        SigningKeys keys = verifying();
        if (batvForm) {
            return Optional.of(
                    switch (new Batv(keys).open(address, today())) {
                        case Batv.Opened.Original(Address original) ->
                                Opened.good("batv", original);
                        case Batv.Opened.Expired _ -> Opened.bad("batv", "too old");
                        case Batv.Opened.Forged _, Batv.Opened.Plain _ ->
                                Opened.bad("batv", "not signed by this server");
                    });
        }
        return switch (new Srs(keys, SEPARATOR).open(localPart, today())) {
            case Srs.Opened.Original(Address original) -> Optional.of(Opened.good("srs", original));
            case Srs.Opened.Stored(String token) ->
                    Optional.of(
                            stored(token)
                                    .map(it -> Opened.good("srs", it))
                                    .orElse(Opened.bad("srs", "not stored any more")));
            case Srs.Opened.Expired _ -> Optional.of(Opened.bad("srs", "too old"));
            case Srs.Opened.Forged _ -> Optional.of(Opened.bad("srs", "not signed by this server"));
            case Srs.Opened.Plain _ -> Optional.empty();
        };
    }

    /**
     * Signs with a new secret from now on. Addresses signed with the ones before stay good until
     * they are too old.
     *
     * @return how many secrets verify now
     */
    public Outcome<Integer> rotate() throws IOException {
        changing.lock();
        try {
            List<Secret> kept = new ArrayList<>();
            kept.add(draw());
            Instant replaced = time.now();
            for (Secret secret : secrets) {
                if (replaced.plus(KEEP).isAfter(time.now())) {
                    kept.add(secret);
                }
                replaced = secret.made;
            }
            if (kept.size() > SigningKeys.MAX_KEYS) {
                return Outcome.refused(
                        Outcome.Problem.IN_USE,
                        "there are "
                                + secrets.size()
                                + " keys that addresses of the last "
                                + KEEP.toDays()
                                + " days need; change them later");
            }
            write(kept);
            return Outcome.done(kept.size());
        } finally {
            changing.unlock();
        }
    }

    /** Forgets stored senders whose addresses are too old. */
    public void forgetOld() throws IOException {
        Range range = Range.prefix(Rows.LONG_SENDERS);
        boolean more = true;
        while (more) {
            Page page = partition.scan(range, Reads.Direction.FORWARD, 500, Reads.MAX_SCAN_BYTES);
            List<Entry> old =
                    page.entries().stream()
                            .filter(it -> lastDay(it.value()).isBefore(today()))
                            .toList();
            if (!old.isEmpty()) {
                partition.writeFreeing(
                        turn -> {
                            old.forEach(it -> turn.delete(it.key()));
                            return old.size();
                        });
            }
            more = page.more();
            if (more) {
                range = new Range(page.entries().getLast().key().next(), range.to());
            }
        }
    }

    /** The same sender has the same token: what is stored is bounded by senders, not by mail. */
    private String store(Srs srs, Address sender) throws IOException {
        String token = srs.tokenOf(sender);
        LocalDate lastDay = today().plusDays(KEEP.toDays());
        Optional<byte[]> there = partition.get(Rows.longSender(token));
        if (there.isEmpty() || lastDay(there.get()).isBefore(lastDay)) {
            byte[] row =
                    new ValueWriter()
                            .u8(1)
                            .varint(lastDay.toEpochDay())
                            .text(sender.toWire())
                            .toBytes();
            partition.write(
                    turn -> {
                        turn.put(Rows.longSender(token), row);
                        return token;
                    });
        }
        return token;
    }

    private Optional<Address> stored(String token) throws IOException {
        boolean fits = token.getBytes(StandardCharsets.UTF_8).length <= 32;
        Optional<byte[]> row =
                fits ? partition.get(Rows.longSender(Ascii.upper(token))) : Optional.empty();
        return row.map(
                value -> {
                    ValueReader in = new ValueReader(value);
                    in.u8();
                    in.varint();
                    return Address.parse(in.text());
                });
    }

    private static LocalDate lastDay(byte[] row) {
        ValueReader in = new ValueReader(row);
        in.u8();
        return LocalDate.ofEpochDay(in.varint());
    }

    /** The secrets with which something can be signed; the first is drawn when it is needed. */
    private SigningKeys signing() throws IOException {
        if (secrets.isEmpty()) {
            changing.lock();
            try {
                if (secrets.isEmpty()) {
                    write(List.of(draw()));
                }
            } finally {
                changing.unlock();
            }
        }
        return verifying();
    }

    /** Before anything was signed, one that nobody knows verifies. */
    private SigningKeys verifying() {
        List<Secret> all = secrets;
        return all.isEmpty()
                ? new SigningKeys(List.of(draw().bytes))
                : new SigningKeys(all.stream().map(Secret::bytes).toList());
    }

    private Secret draw() {
        byte[] drawn = new byte[SECRET_LENGTH];
        random.nextBytes(drawn);
        return new Secret(drawn, time.now());
    }

    private void write(List<Secret> all) throws IOException {
        ValueWriter out = new ValueWriter().u8(1).varint(all.size());
        all.forEach(it -> out.bytes(it.bytes).instant(it.made));
        partition.write(
                turn -> {
                    turn.put(Rows.setting(SETTING), out.toBytes());
                    return all.size();
                });
        secrets = List.copyOf(all);
    }

    private static List<Secret> decode(byte[] value) {
        ValueReader in = new ValueReader(value);
        in.u8();
        int count = in.count();
        List<Secret> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Secret(in.bytes(), in.instant()));
        }
        return List.copyOf(all);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(time.now(), ZoneOffset.UTC);
    }
}
