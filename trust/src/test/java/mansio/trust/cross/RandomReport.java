package mansio.trust.cross;

import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Aggregate reports with everything a report can have, and text that XML must escape. */
final class RandomReport {
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "plain",
                    "<&>\"']]>",
                    "Gr\u00fc\u00dfe \u65c5\u9928 \ud83d\udce7",
                    "a\u0000b\u0007c\ufffe");

    private final SplittableRandom random;

    private RandomReport(long seed) {
        random = new SplittableRandom(seed);
    }

    static AggregateReport of(long seed) {
        return new RandomReport(seed).report();
    }

    private AggregateReport report() {
        Instant begin = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(1_000_000));
        Metadata metadata =
                new Metadata(
                        "receiver " + text(),
                        "dmarc@receiver.example",
                        text(),
                        "id" + random.nextInt(),
                        begin,
                        begin.plusSeconds(86_400),
                        several(2, this::text));
        return new AggregateReport(
                metadata, published(), several(1 + random.nextInt(20), this::row));
    }

    private Published published() {
        return new Published(
                domain(),
                one(Alignment.values()),
                one(Alignment.values()),
                one(Policy.values()),
                one(Policy.values()),
                random.nextBoolean() ? Optional.of(one(Policy.values())) : Optional.empty(),
                random.nextInt(101),
                random.nextBoolean(),
                one("0", "1", "d:s", "0:1:d:s"));
    }

    private Row row() {
        return new Row(
                address(),
                random.nextInt(100_000),
                one(Policy.values()),
                random.nextBoolean(),
                random.nextBoolean(),
                several(random.nextInt(3), () -> new Reason(one(ReasonType.values()), text())),
                new Identifiers(one("", domain()), one("", domain()), domain()),
                several(
                        random.nextInt(4),
                        () -> new Dkim(domain(), one("", "s1"), one(AuthResult.values()), text())),
                several(
                        1 + random.nextInt(2),
                        () -> new Spf(domain(), one(Scope.values()), one(AuthResult.values()))));
    }

    private InetAddress address() {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(octets);
        try {
            return InetAddress.getByAddress(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String domain() {
        return one("example.com", "a.b.example.org", "xn--bcher-kva.example", "x_y.example");
    }

    @SafeVarargs
    private <T> T one(T... all) {
        return all[random.nextInt(all.length)];
    }

    private static <T> List<T> several(int count, Supplier<T> each) {
        return Stream.generate(each).limit(count).toList();
    }
}
