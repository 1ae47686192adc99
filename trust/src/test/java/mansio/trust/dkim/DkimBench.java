package mansio.trust.dkim;

import mansio.codec.text.Domain;
import mansio.testkit.time.FakeTime;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Measures signing, verifying and hashing on one thread, by CPU time: {@code DkimBench [SECONDS
 * [ONLY]]}. Not a test; its figures stand in docs/design/trust.md.
 */
public final class DkimBench {
    private static final String CORRETTO =
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private final double seconds;
    private final String only;

    private DkimBench(double seconds, String only) {
        this.seconds = seconds;
        this.only = only;
    }

    /** Runs all measurements, and prints a line each. */
    public static void main(String[] args) throws Exception {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 2;
        DkimBench bench = new DkimBench(seconds, args.length > 1 ? args[1] : "");
        bench.run(Crypto.jdk());
        Provider fast = (Provider) Class.forName(CORRETTO).getField("INSTANCE").get(null);
        bench.run(Crypto.with(fast));
    }

    private void run(Crypto crypto) {
        byte[] text = text(64 << 10);
        byte[] base64 = base64(64 << 10);
        bytes(crypto, "SHA-256 alone", text, () -> digest(crypto, text));
        for (Canonicalization form : Canonicalization.values()) {
            bytes(crypto, "body hash of text, " + form, text, () -> hash(crypto, form, text));
            bytes(crypto, "body hash of base64, " + form, base64, () -> hash(crypto, form, base64));
        }
        Domain domain = Domain.parse("signer.example");
        KeyMaterial rsaKey = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
        KeyMaterial edKey = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        SigningKey rsa = rsaKey.signingKey(domain, "r", crypto);
        SigningKey ed = edKey.signingKey(domain, "e", crypto);
        Samples samples =
                new Samples(FakeTime.START)
                        .publish(rsa, rsaKey.record())
                        .publish(ed, edKey.record());
        byte[] message =
                Samples.joined(
                        Samples.crlf(
                                "From: a@signer.example\nTo: b@there.example\n"
                                        + "Subject: hello there\nMessage-ID: <1@signer.example>\n"
                                        + "Date: Fri, 21 Nov 1997 09:55:06 -0600\n\n"),
                        text(4 << 10));
        times(crypto, "sign 4 KiB, RSA-2048", () -> sign(crypto, message, rsa));
        times(crypto, "sign 4 KiB, Ed25519", () -> sign(crypto, message, ed));
        times(crypto, "sign 4 KiB, both", () -> sign(crypto, message, rsa, ed));
        Crypto jdk = Crypto.jdk();
        SigningKey ofJdk = rsaKey.signingKey(domain, "r", jdk);
        SigningKey edOfJdk = edKey.signingKey(domain, "e", jdk);
        times(crypto, "sign 4 KiB, both, keys of JDK", () -> sign(crypto, message, ofJdk, edOfJdk));
        byte[] byRsa = samples.sign(message, SigningOptions.DEFAULT, rsa);
        byte[] byEd = samples.sign(message, SigningOptions.DEFAULT, ed);
        times(crypto, "verify 4 KiB, RSA-2048", () -> verify(samples, crypto, byRsa));
        times(crypto, "verify 4 KiB, Ed25519", () -> verify(samples, crypto, byEd));
    }

    private static int digest(Crypto crypto, byte[] bytes) {
        MessageDigest digest = crypto.sha256();
        for (int i = 0; i < 64; i++) {
            digest.update(bytes, 0, bytes.length);
        }
        return digest.digest()[0];
    }

    private static int hash(Crypto crypto, Canonicalization form, byte[] bytes) {
        BodyHashers bodies = new BodyHashers(crypto);
        BodyHash hash = bodies.want(form, OptionalLong.empty());
        for (int i = 0; i < 64; i++) {
            for (int at = 0; at < bytes.length; at += 16 << 10) {
                bodies.feed(bytes, at, Math.min(16 << 10, bytes.length - at));
            }
        }
        bodies.end();
        return hash.value()[0];
    }

    private static int sign(Crypto crypto, byte[] message, SigningKey... keys) {
        DkimSigning signing =
                new DkimSigning(crypto, new FakeTime(), List.of(keys), SigningOptions.DEFAULT);
        ContentPass pass = new ContentPass(crypto, List.of(signing));
        pass.feed(message, 0, message.length);
        pass.end();
        return signing.fields().length;
    }

    private static int verify(Samples samples, Crypto crypto, byte[] message) {
        DkimVerification dkim = new DkimVerification(samples.surroundings(crypto));
        ContentPass pass = new ContentPass(crypto, List.of(dkim));
        pass.feed(message, 0, message.length);
        pass.end();
        if (!dkim.results(samples.deadline()).getFirst().passes()) {
            throw new IllegalStateException("it does not verify");
        }
        return message.length;
    }

    /** A piece of work whose result is not thrown away. */
    private interface Job {
        int run();
    }

    private void bytes(Crypto crypto, String name, byte[] bytes, Job job) {
        double rate = rate(crypto.name() + " " + name, job) * 64 * bytes.length;
        if (rate > 0) {
            System.out.printf("%-31s %-32s %6.2f GB/s%n", crypto.name(), name, rate / 1e9);
        }
    }

    private void times(Crypto crypto, String name, Job job) {
        double rate = rate(crypto.name() + " " + name, job);
        if (rate > 0) {
            System.out.printf(
                    "%-31s %-32s %8.0f/s %8.1f us%n", crypto.name(), name, rate, 1e6 / rate);
        }
    }

    /** Runs a second, compiled by a first one. */
    private double rate(String name, Job job) {
        if (!name.contains(only)) {
            return 0;
        }
        measure(job, seconds);
        return measure(job, seconds);
    }

    private static double measure(Job job, double seconds) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long end = start + (long) (seconds * 1e9);
        int runs = 0;
        long sum = 0;
        long now = start;
        while (now < end) {
            sum += job.run();
            runs++;
            now = threads.getCurrentThreadCpuTime();
        }
        if (sum == Long.MIN_VALUE) {
            System.out.println();
        }
        return runs * 1e9 / (now - start);
    }

    private static byte[] text(int size) {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder();
        int column = 0;
        while (text.length() < size) {
            int word = 1 + random.nextInt(9);
            text.append("abcdefghij", 0, word);
            column += word + 1;
            boolean ends = column > 68;
            text.append(ends ? random.nextInt(8) == 0 ? "\r\n\r\n" : "\r\n" : " ");
            column = ends ? 0 : column;
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] base64(int size) {
        return ("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0"
                        + "\r\n")
                .repeat(size / 78)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
