package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.config.Network;
import mansio.state.directory.Route;
import mansio.state.store.AccountId;
import mansio.testkit.dns.Behaviour;
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
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Message, zone and verdict, from the files of {@code verdicts}: every branch of the judgement of
 * mail from other servers, with the real checks. The zone of all is {@code world.zone}; {@code
 * README.md} there says how a case is written.
 */
class VerdictFilesTest {
    private static final List<String> FILES =
            List.of("host", "lists", "author", "dmarc", "spf", "recipients");
    private static final KeyMaterial KEY = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
    private static final PublicSuffixes SUFFIXES =
            PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);

    private final Time time = new SystemTime();
    private final VirtualThreads threads = new VirtualThreads();

    /** A case of a file: lines {@code key: value}, then the message behind {@code --}. */
    private record Case(String title, List<String[]> lines, String message) {
        static Case parse(String text) {
            List<String[]> lines = new ArrayList<>();
            String[] halves = text.split("\n--\n", 2);
            List<String> head = halves[0].lines().toList();
            for (String line : head.subList(1, head.size())) {
                if (!line.isBlank()) lines.add(line.split(": *", 2));
            }
            String message = halves.length < 2 ? "" : halves[1].strip();
            return new Case(head.getFirst().strip(), lines, message);
        }

        List<String> all(String key) {
            return lines.stream().filter(it -> it[0].equals(key)).map(it -> it[1]).toList();
        }

        String value(String key, String otherwise) {
            return all(key).stream().findFirst().orElse(otherwise);
        }
    }

    @TestFactory
    Stream<DynamicTest> verdicts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : FILES) {
            for (String part : read(file + ".txt").split("(?m)^== ")) {
                if (part.isBlank() || part.startsWith("#")) continue;
                Case one = Case.parse(part);
                tests.add(DynamicTest.dynamicTest(file + ": " + one.title, () -> check(one)));
            }
        }
        return tests.stream();
    }

    private static String read(String name) throws IOException {
        try (InputStream in = VerdictFilesTest.class.getResourceAsStream("/verdicts/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void check(Case one) throws IOException {
        FakeDns dns = new FakeDns(time, new Random(7));
        StringBuilder zone = new StringBuilder(read("world.zone").replace("KEY", KEY.record()));
        one.all("zone").forEach(it -> zone.append(it.replace("KEY", KEY.record())).append('\n'));
        dns.zone(".", zone.toString());
        for (String bad : one.all("dns")) {
            String[] words = bad.split(" ", 2);
            dns.behave(words[0], Behaviour.parse(words[1]));
        }
        String path = one.value("path", "bob@good.com");
        Client client =
                new Client(
                        InetAddress.ofLiteral(one.value("client", "192.0.2.1")),
                        one.value("helo", "mx.good.com"),
                        path.equals("<>") ? Optional.empty() : Optional.of(Address.parse(path)));
        List<String> to = one.all("to").isEmpty() ? List.of("anna@example.org") : one.all("to");
        byte[] message = message(one).getBytes(StandardCharsets.UTF_8);
        Explanation found =
                new Replay(checks(dns, one), settings(one))
                        .explain(
                                client,
                                message,
                                to.stream().map(VerdictFilesTest::recipient).toList());
        compare(one, found);
    }

    private static void compare(Case one, Explanation found) {
        // All that speaks against it, with its measure: "JUNK SPF: ...".
        List<String> said =
                found.objections().stream().map(it -> it.measure() + " " + it.reason()).toList();
        List<String> wanted = one.all("against");
        assertThat(said).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(said.get(i)).startsWith(wanted.get(i));
        }
        List<String> ends = found.fates().stream().map(VerdictFilesTest::shown).toList();
        String refused = found.refusal().map(it -> it.code() + " " + it.status()).orElse("");
        List<String> verdicts = found.refusal().isPresent() ? List.of(refused) : List.copyOf(ends);
        assertThat(verdicts).isEqualTo(one.all("verdict"));
        String words = found.refusal().map(Refusal::text).orElse("");
        one.all("says").forEach(it -> assertThat(words).contains(it));
        assertThat(words).doesNotContain("http");
        String field = found.field().replaceAll("\\s+", " ");
        one.all("field").forEach(it -> assertThat(field).contains(it));
    }

    private static String shown(Explanation.Fate fate) {
        return switch (fate.end()) {
            case TAKEN -> "taken";
            case JUNK -> "junk";
            case REFUSED -> "refused";
        };
    }

    private Checks checks(FakeDns dns, Case one) {
        mansio.trust.dkim.Surroundings around =
                new mansio.trust.dkim.Surroundings(dns, time, threads, Crypto.jdk());
        List<BlockList> lists = one.all("list").stream().map(it -> list(it.split(" +"))).toList();
        return new Checks(
                new Checks.Tools(
                        new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("mx.example.org")),
                        new Iprev(dns),
                        around,
                        new Dmarc(dns, Discovery.TREE_WALK, SUFFIXES, new Random(1)),
                        SUFFIXES,
                        new Checks.Lists(new BlockLists(dns), lists)),
                Duration.parse(one.value("deadline", "PT20S")));
    }

    private static BlockList list(String[] words) {
        return BlockList.simple(
                DnsName.parse(words[0]),
                BlockList.Subject.valueOf(words[1].toUpperCase(Locale.ROOT)),
                BlockList.Action.valueOf(words[2].toUpperCase(Locale.ROOT)),
                Integer.parseInt(words[3]));
    }

    private static InboundSettings settings(Case one) {
        InboundPolicy usual = InboundPolicy.USUAL;
        InboundPolicy policy =
                new InboundPolicy(
                        measure(one, "dmarc", usual.dmarc()),
                        measure(one, "spf", usual.spfFail()),
                        measure(one, "name", usual.reverseName()),
                        measure(one, "from", usual.unclearFrom()),
                        measure(one, "temporary", usual.temporary()),
                        usual.lists(),
                        new InboundPolicy.Trust(
                                one.all("trusted").stream()
                                        .map(Domain::parse)
                                        .collect(Collectors.toUnmodifiableSet()),
                                one.all("exempt").stream().map(Network::parse).toList()));
        Forwarding.Outside outside =
                Forwarding.Outside.valueOf(one.value("forwarding", "AUTHENTICATED"));
        return new InboundSettings(
                "mx.example.org",
                1_000_000,
                new Forwarding(outside, Forwarding.Tags.NONE),
                policy,
                Optional.empty());
    }

    private static Measure measure(Case one, String key, Measure otherwise) {
        return Measure.valueOf(one.value(key, otherwise.name()));
    }

    /** {@code anna@example.org}, then what its route is made of, else an account. */
    private static RoutedRecipient recipient(String line) {
        String[] words = line.split(" +");
        Address to = Address.parse(words[0]);
        Set<String> how = words.length < 2 ? Set.of("account") : Set.of(words[1].split("[+]"));
        if (how.contains("reflector")) return new RoutedRecipient(to, new Route.Reflector());
        List<Route.Target> targets =
                how.contains("account")
                        ? List.of(new Route.Target(new AccountId(1), to, to, ""))
                        : List.of();
        List<Route.Forward> forwards =
                Stream.of(Route.Reason.values())
                        .filter(it -> how.contains(it.name().toLowerCase(Locale.ROOT)))
                        .map(it -> forward(to, it))
                        .toList();
        return new RoutedRecipient(to, new Route.Ours(targets, forwards));
    }

    private static Route.Forward forward(Address from, Route.Reason reason) {
        Address far = Address.parse("carl@else.example");
        return new Route.Forward(far, from.domain().orElseThrow(), reason);
    }

    /** The message, with {@code sign}, {@code seal}, {@code change}, {@code add} done in order. */
    private String message(Case one) {
        String message = one.message.replace("\n", "\r\n") + "\r\n";
        for (String[] line : one.lines) {
            message =
                    switch (line[0]) {
                        case "sign" -> signed(line[1], message);
                        case "seal" -> sealed(line[1].split(" ", 2), message);
                        case "change" -> changed(line[1].split(" -> ", 2), message);
                        case "received" -> received(Integer.parseInt(line[1])) + message;
                        default -> message;
                    };
        }
        return message;
    }

    private static String received(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> "Received: from h" + i + ".example by x; Thu, 1 Jan 2026 00:00 +0000")
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static String changed(String[] words, String message) {
        assertThat(message).contains(words[0]);
        return message.replace(words[0], words[1]);
    }

    private static SigningKey key(String domain) {
        return KEY.signingKey(Domain.parse(domain), "s", Crypto.jdk());
    }

    private String signed(String domain, String message) {
        DkimSigning signing =
                new DkimSigning(Crypto.jdk(), time, List.of(key(domain)), SigningOptions.DEFAULT);
        pass(signing, message);
        return new String(signing.fields(), StandardCharsets.UTF_8) + message;
    }

    /** {@code good.com dmarc=pass header.from=strict.com}. */
    private String sealed(String[] words, String message) {
        ArcState before = message.contains("ARC-Seal:") ? ArcState.PASS : ArcState.NONE;
        ArcSealing.Seal seal =
                new ArcSealing.Seal(key(words[0]), words[0] + "; " + words[1], before);
        ArcSealing sealing = new ArcSealing(Crypto.jdk(), time, SigningOptions.DEFAULT, seal);
        pass(sealing, message);
        return new String(sealing.fields(), StandardCharsets.UTF_8) + message;
    }

    private static void pass(ContentPass.Reader reader, String message) {
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(reader));
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        pass.feed(bytes, 0, bytes.length);
        pass.end();
    }
}
