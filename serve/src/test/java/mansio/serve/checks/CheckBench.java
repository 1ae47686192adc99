package mansio.serve.checks;

import mansio.codec.message.FromFinder;
import mansio.codec.message.Header;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.CachingResolver;
import mansio.net.dns.Exchange;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.testkit.dns.FakeDns;
import mansio.trust.arc.ArcSealing;
import mansio.trust.arc.ArcState;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * CPU of the whole process for the checks of one message of 4 KiB from another server, with names
 * that are known: SPF, reverse DNS, one RSA-2048 signature, DMARC, and a chain of one seal or none:
 * {@code CheckBench [MESSAGES]}. Not a test; its figures stand in bench/RESULTS.md.
 */
public final class CheckBench {
    private static final String CORRETTO =
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private final Time time = new SystemTime();
    private final Threads threads = new VirtualThreads();
    private final KeyMaterial key = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private final int messages;

    private CheckBench(int messages) {
        this.messages = messages;
    }

    /** Runs it with the JDK and with Corretto. */
    public static void main(String[] args) throws Exception {
        CheckBench bench = new CheckBench(args.length > 0 ? Integer.parseInt(args[0]) : 20_000);
        Provider fast = (Provider) Class.forName(CORRETTO).getField("INSTANCE").get(null);
        for (Crypto crypto : List.of(Crypto.jdk(), Crypto.with(fast))) {
            byte[] signed = bench.signed(crypto);
            bench.run("one signature", crypto, signed);
            bench.run("one signature, one seal", crypto, bench.sealed(crypto, signed));
        }
    }

    private byte[] signed(Crypto crypto) {
        String text =
                "From: bob@good.com\r\nTo: anna@example.org\r\nSubject: hello\r\n"
                        + "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@good.com>\r\n"
                        + "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
                        + ("The quick brown fox jumps over the lazy dog, and again it does. \r\n"
                                .repeat(58));
        SigningKey good = key.signingKey(Domain.parse("good.com"), "s", crypto);
        DkimSigning signing = new DkimSigning(crypto, time, List.of(good), SigningOptions.DEFAULT);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return before(signing, bytes, crypto, signing::fields);
    }

    private byte[] sealed(Crypto crypto, byte[] message) {
        ArcSealing sealing =
                new ArcSealing(
                        crypto,
                        time,
                        SigningOptions.DEFAULT,
                        new ArcSealing.Seal(
                                key.signingKey(Domain.parse("list.com"), "s", crypto),
                                "list.com; dmarc=pass header.from=good.com",
                                ArcState.NONE));
        return before(sealing, message, crypto, sealing::fields);
    }

    private static byte[] before(
            ContentPass.Reader reader,
            byte[] message,
            Crypto crypto,
            java.util.function.Supplier<byte[]> fields) {
        ContentPass pass = new ContentPass(crypto, List.of(reader));
        pass.feed(message, 0, message.length);
        pass.end();
        byte[] front = fields.get();
        byte[] all = java.util.Arrays.copyOf(front, front.length + message.length);
        System.arraycopy(message, 0, all, front.length, message.length);
        return all;
    }

    private Checks checks(Crypto crypto) {
        FakeDns dns = new FakeDns(time, new Random(1));
        dns.zone("com.", "com. SOA ns. h. 1 1 1 1 300\n");
        dns.zone("arpa.", "1.2.0.192.in-addr.arpa. 3600 PTR mx.good.com.\n");
        String record = key.record();
        String half = record.substring(0, 200) + "\" \"" + record.substring(200);
        for (String domain : List.of("good.com", "list.com")) {
            dns.zone(
                    domain + ".",
                    """
                    %1$s. 3600 SOA ns. h. 1 1 1 1 300
                    %1$s. 3600 TXT "v=spf1 mx ip4:192.0.2.0/28 -all"
                    %1$s. 3600 MX 10 mx.%1$s.
                    mx.%1$s. 3600 A 192.0.2.1
                    _dmarc.%1$s. 3600 TXT "v=DMARC1; p=reject"
                    s._domainkey.%1$s. 3600 TXT "%2$s"
                    """
                            .formatted(domain, half));
        }
        Upstreams upstreams =
                new Upstreams(
                        List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53)),
                        Duration.ofSeconds(5),
                        2,
                        false);
        CachingResolver cache =
                new CachingResolver(
                        new StubResolver(new Exchange(() -> upstreams, dns, time, new Random(3))),
                        CachingResolver.Limits.ofSize(1 << 24),
                        time,
                        threads);
        PublicSuffixes suffixes = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
        return new Checks(
                new Checks.Tools(
                        new Spf(cache, time, SpfLimits.STANDARD, Domain.parse("mx.example.org")),
                        new Iprev(cache),
                        new Surroundings(cache, time, threads, crypto),
                        new Dmarc(cache, Discovery.TREE_WALK, suffixes, new Random(2)),
                        suffixes,
                        new Checks.Lists(new BlockLists(cache), List.of())),
                Duration.ofSeconds(20));
    }

    private void run(String what, Crypto crypto, byte[] message) {
        Checks checks = checks(crypto);
        Client client =
                new Client(
                        InetAddress.ofLiteral("192.0.2.1"),
                        "mx.good.com",
                        Optional.of(Address.parse("bob@good.com")));
        for (int i = 0; i < messages; i++) one(checks, client, message);
        long begin = cpuNanos();
        for (int i = 0; i < messages; i++) one(checks, client, message);
        System.out.printf(
                "%s, %s, %d octets: %.0f us CPU a message%n",
                what, crypto.name(), message.length, (cpuNanos() - begin) / 1e3 / messages);
    }

    private static void one(Checks checks, Client client, byte[] message) {
        MessageChecks run = checks.begin(client);
        run.feed(message, 0, message.length);
        Findings findings = run.finish(FromFinder.of(Header.parse(message)));
        byte[] field = findings.results("mx.example.org").toField();
        if (!findings.known().author() || field.length == 0) {
            throw new IllegalStateException(findings.toString());
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
