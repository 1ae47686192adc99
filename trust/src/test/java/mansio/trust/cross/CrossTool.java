package mansio.trust.cross;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.CachingResolver;
import mansio.net.dns.Exchange;
import mansio.net.dns.Resolver;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.trust.arc.ArcResult;
import mansio.trust.arc.ArcSealing;
import mansio.trust.arc.ArcValidation;
import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.DkimVerification;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarcreport.AggregateWriter;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;
import mansio.trust.spf.SpfRequest;
import mansio.trust.spf.SpfResult;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What the checks against independent programs ask of us: jobs on standard input, one a line with
 * tabs between its words, and for each a line of JSON on standard output.
 *
 * <pre>
 * sign FILE OUT HEADER/BODY DOMAIN SELECTOR=PEM...   {"ok":true}
 * verify FILE                                        {"dkim":["pass r1","fail e1",...]}
 * arc FILE                                           {"arc":"pass","reason":""}
 * seal FILE OUT HEADER/BODY DOMAIN SELECTOR=PEM RESULTS   {"ok":true}
 * spf IP HELO MAILFROM                               {"spf":"pass","reason":"...","exp":"..."}
 * report FILE SEED                                   {"ok":true}
 * </pre>
 *
 * <p>Used by the interop suite: {@code java -cp ... mansio.trust.cross.CrossTool DNS-PORT}.
 */
public final class CrossTool {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Domain RECEIVER = Domain.parse("receiver.example");

    private final Time time = new SystemTime();
    private final Threads threads = new VirtualThreads();
    private final Surroundings around;
    private final Map<String, KeyMaterial> keys = new HashMap<>();

    private CrossTool(int port) {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        Upstreams upstreams = new Upstreams(List.of(server), Duration.ofSeconds(5), 2, false);
        SocketTransport transport = new SocketTransport(time, threads);
        Resolver resolver =
                new CachingResolver(
                        new StubResolver(
                                new Exchange(
                                        () -> upstreams, transport, time, new SplittableRandom(1))),
                        CachingResolver.Limits.ofSize(16 << 20),
                        time,
                        threads);
        around = new Surroundings(resolver, time, threads, Crypto.jdk());
    }

    /**
     * Works until standard input ends.
     *
     * @param args the port of a DNS server at 127.0.0.1
     */
    public static void main(String[] args) throws IOException {
        CrossTool tool = new CrossTool(Integer.parseInt(args[0]));
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = Arrays.asList(line.split("\t", -1));
            out.println(tool.work(words.getFirst(), words.subList(1, words.size())));
        }
    }

    private String work(String verb, List<String> words) throws IOException {
        return switch (verb) {
            case "sign" -> sign(words);
            case "verify" -> verify(Path.of(words.getFirst()));
            case "arc" -> {
                ArcResult result = arc(Files.readAllBytes(Path.of(words.getFirst())));
                yield "{\"arc\":%s,\"reason\":%s}"
                        .formatted(quoted(result.state().text()), quoted(result.reason()));
            }
            case "seal" -> seal(words);
            case "report" -> report(words);
            case "spf" -> spf(words);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private String sign(List<String> words) throws IOException {
        byte[] message = Files.readAllBytes(Path.of(words.get(0)));
        List<SigningKey> signers = new ArrayList<>();
        for (String key : words.subList(4, words.size())) {
            signers.add(key(key, Domain.parse(words.get(3))));
        }
        DkimSigning signing =
                new DkimSigning(around.crypto(), time, signers, options(words.get(2)));
        read(message, signing);
        write(Path.of(words.get(1)), signing.fields(), message);
        return "{\"ok\":true}";
    }

    private SigningKey key(String selectorAndFile, Domain domain) throws IOException {
        String[] parts = selectorAndFile.split("=", 2);
        if (!keys.containsKey(parts[1])) {
            keys.put(parts[1], KeyMaterial.ofPem(Files.readString(Path.of(parts[1]))));
        }
        return keys.get(parts[1]).signingKey(domain, parts[0], around.crypto());
    }

    private static SigningOptions options(String forms) {
        String[] parts = forms.toUpperCase(Locale.ROOT).split("/", 2);
        return SigningOptions.DEFAULT.with(
                Canonicalization.valueOf(parts[0]), Canonicalization.valueOf(parts[1]));
    }

    private void read(byte[] message, ContentPass.Reader reader) {
        ContentPass pass = new ContentPass(around.crypto(), List.of(reader));
        pass.feed(message, 0, message.length);
        pass.end();
    }

    private static void write(Path file, byte[] fields, byte[] message) throws IOException {
        byte[] all = Arrays.copyOf(fields, fields.length + message.length);
        System.arraycopy(message, 0, all, fields.length, message.length);
        Files.write(file, all);
    }

    private String verify(Path file) throws IOException {
        DkimVerification dkim = new DkimVerification(around);
        read(Files.readAllBytes(file), dkim);
        List<String> results = new ArrayList<>();
        for (DkimResult result : dkim.results(time.deadline(PATIENCE))) {
            String selector =
                    result.signature().map(it -> it.claim().selector()).orElse("unreadable");
            results.add(
                    quoted(
                            (result.state() + " " + selector + " " + result.reason())
                                    .strip()
                                    .toLowerCase(Locale.ROOT)));
        }
        return "{\"dkim\":[" + String.join(",", results) + "]}";
    }

    private static String report(List<String> words) throws IOException {
        try (OutputStream out = Files.newOutputStream(Path.of(words.get(0)))) {
            AggregateWriter.write(RandomReport.of(Long.parseLong(words.get(1))), out);
        }
        return "{\"ok\":true}";
    }

    private ArcResult arc(byte[] message) {
        ArcValidation arc = new ArcValidation(around);
        read(message, arc);
        return arc.result(time.deadline(PATIENCE));
    }

    private String seal(List<String> words) throws IOException {
        byte[] message = Files.readAllBytes(Path.of(words.get(0)));
        SigningKey key = key(words.get(4), Domain.parse(words.get(3)));
        ArcSealing.Seal seal = new ArcSealing.Seal(key, words.get(5), arc(message).state());
        ArcSealing sealing = new ArcSealing(around.crypto(), time, options(words.get(2)), seal);
        read(message, sealing);
        write(Path.of(words.get(1)), sealing.fields(), message);
        return "{\"ok\":true}";
    }

    private String spf(List<String> words) {
        Spf spf = new Spf(around.resolver(), time, SpfLimits.STANDARD, RECEIVER);
        InetAddress client = InetAddress.ofLiteral(words.get(0));
        Optional<Address> from =
                Optional.of(words.get(2)).filter(it -> !it.isEmpty()).map(Address::parse);
        SpfResult result =
                spf.check(SpfRequest.mailFrom(client, words.get(1), from), time.deadline(PATIENCE));
        return "{\"spf\":%s,\"reason\":%s,\"exp\":%s,\"lookups\":%d,\"voids\":%d}"
                .formatted(
                        quoted(result.result().keyword()),
                        quoted(result.reason()),
                        quoted(result.explanation().orElse("")),
                        result.lookups(),
                        result.voidLookups());
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
