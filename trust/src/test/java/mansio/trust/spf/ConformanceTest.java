package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import mansio.codec.text.Domain;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The published tests of RFC 7208: all of them, through the real encoding of the DNS. */
class ConformanceTest {
    private static final int TESTS = 203;

    @TestFactory
    Stream<DynamicTest> theOpenTestSuite() {
        return scenarios().stream().flatMap(ConformanceTest::tests);
    }

    @Test
    void noneIsLeftOut() {
        assertThat(scenarios()).hasSize(16);
        assertThat(scenarios().stream().flatMap(ConformanceTest::tests)).hasSize(TESTS);
    }

    private static Stream<DynamicTest> tests(Map<?, ?> scenario) {
        String zone = zone((Map<?, ?>) scenario.get("zonedata"));
        return ((Map<?, ?>) scenario.get("tests"))
                .entrySet().stream()
                        .map(
                                test ->
                                        dynamicTest(
                                                scenario.get("description") + ": " + test.getKey(),
                                                () -> run(zone, (Map<?, ?>) test.getValue())));
    }

    private static void run(String zone, Map<?, ?> test) throws IOException {
        FakeTime time = new FakeTime();
        FakeDns dns = new FakeDns(time, new SplittableRandom(1));
        dns.zone(".", zone);
        Spf spf = new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("receiver.example"));
        InetAddress client = InetAddress.ofLiteral(test.get("host").toString());

        SpfResult result =
                spf.check(
                        request(client, test.get("helo").toString(), test.get("mailfrom")),
                        time.deadline(Duration.ofSeconds(20)));

        Object wanted = test.get("result");
        List<?> allowed = wanted instanceof List<?> several ? several : List.of(wanted);
        assertThat(allowed.stream().map(Object::toString))
                .as(result.toString())
                .contains(result.result().keyword());
        Object explanation = test.get("explanation");
        if (explanation != null) {
            // The suite writes the nibbles of an IPv6 address in upper case, the RFC in lower case.
            assertThat(result.explanation().orElse("DEFAULT"))
                    .isEqualToIgnoringCase(explanation.toString());
        }
    }

    /** Senders of the suite are no addresses at times. */
    private static SpfRequest request(InetAddress client, String helo, Object mailFrom) {
        String sender = mailFrom.toString();
        int at = sender.lastIndexOf('@');
        return new SpfRequest(
                client,
                helo,
                SpfRequest.Identity.MAILFROM,
                at < 0 ? "" : sender.substring(0, at),
                sender.isEmpty() ? helo : sender.substring(at + 1));
    }

    private static List<Map<?, ?>> scenarios() {
        List<Map<?, ?>> scenarios = new ArrayList<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("rfc7208-tests.yml")) {
            Load load = new Load(LoadSettings.builder().build());
            load.loadAllFromInputStream(in).forEach(it -> scenarios.add((Map<?, ?>) it));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scenarios;
    }

    private static String zone(Map<?, ?> names) {
        StringBuilder zone = new StringBuilder();
        names.forEach((name, records) -> records(zone, name.toString(), (List<?>) records));
        return zone.toString();
    }

    /** What is written as type SPF stands for TXT, where no TXT is written. */
    private static void records(StringBuilder zone, String name, List<?> records) {
        String owner = escaped(name.toLowerCase(Locale.ROOT), false) + ".";
        boolean txt = has(records, "TXT");
        boolean silent = false;
        boolean answered = false;
        for (Object record : records) {
            if (record instanceof Map<?, ?> map) {
                Map.Entry<?, ?> entry = map.entrySet().iterator().next();
                String type = entry.getKey().toString();
                boolean spf = type.equals("SPF");
                if (!entry.getValue().equals("NONE") && !(spf && txt)) {
                    String data = data(type, entry.getValue());
                    zone.append(owner).append(' ').append(spf ? "TXT" : type);
                    zone.append(' ').append(data).append('\n');
                    answered = true;
                }
            } else {
                silent = true;
            }
        }
        if (silent && !answered) {
            zone.append(";! ").append(owner).append(" drop\n");
        }
    }

    private static boolean has(List<?> records, String type) {
        return records.stream()
                .anyMatch(it -> it instanceof Map<?, ?> map && map.containsKey(type));
    }

    private static String data(String type, Object value) {
        return switch (type) {
            case "A", "AAAA" -> value.toString();
            case "MX" -> {
                List<?> mx = (List<?>) value;
                yield mx.get(0) + " " + escaped(mx.get(1).toString(), false) + ".";
            }
            case "PTR", "CNAME" -> value.toString().replaceFirst("\\.$", "") + ".";
            case "TXT", "SPF" -> {
                List<?> strings = value instanceof List<?> several ? several : List.of(value);
                StringBuilder out = new StringBuilder();
                strings.forEach(
                        it -> out.append('"').append(escaped(it.toString(), true)).append("\" "));
                yield out.isEmpty() ? "\"\"" : out.toString();
            }
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static String escaped(String text, boolean quoted) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
            int c = octet & 0xff;
            boolean plain = c > ' ' && c < 0x7f && "\"\\;()@$".indexOf(c) < 0;
            out.append(
                    plain || (quoted && c == ' ')
                            ? Character.toString(c)
                            : String.format(Locale.ROOT, "\\%03d", c));
        }
        return out.toString();
    }
}
