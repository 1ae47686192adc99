package mansio.testkit.dns;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.StubResolver;
import mansio.net.dns.TrustAnchors;
import mansio.net.dns.Upstreams;
import mansio.net.dns.Validator;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Serves the {@link SignedWorld} on a port of loopback, for other programs that check signatures,
 * and says what we think of it.
 */
public final class Verdicts {
    /** Names and types: good, broken, not signed. */
    private static final List<String> QUESTIONS =
            List.of(
                    ". TXT",
                    "nothing. A",
                    "test. TXT",
                    "good.test. DS",
                    "plain.test. DS",
                    "plain.nsec3. DS",
                    "good.test. MX",
                    "mx.good.test. A",
                    "mx.good.test. AAAA",
                    "_25._tcp.mx.good.test. TLSA",
                    "_tcp.mx.good.test. A",
                    "nothing.good.test. A",
                    "x.y.wild.good.test. TXT",
                    "x.wild.good.test. A",
                    "alias.good.test. A",
                    "alias.good.test. AAAA",
                    "tonothing.good.test. A",
                    "out.good.test. A",
                    "toplain.good.test. A",
                    "good.nsec3. MX",
                    "mx.good.nsec3. AAAA",
                    "_tcp.mx.good.nsec3. A",
                    "nothing.good.nsec3. A",
                    "x.nothing.good.nsec3. A",
                    "x.y.wild.good.nsec3. TXT",
                    "x.wild.good.nsec3. A",
                    "tonothing.good.nsec3. A",
                    "mx.rsa.test. A",
                    "nothing.rsa.test. A",
                    "mx.plain.test. A",
                    "nothing.plain.test. A",
                    "mx.plain.nsec3. A",
                    "mx.no-ds.test. A",
                    "nothing.many.nsec3. A",
                    "mx.many.nsec3. A",
                    "mx.wrong-ds.test. A",
                    "expired.broken.test. A",
                    "notyet.broken.test. A",
                    "wrong.broken.test. A",
                    "wrong.broken.test. AAAA",
                    "stripped.broken.test. A",
                    "stripped.broken.test. AAAA",
                    "unproven.broken.test. A",
                    "halfwild.broken.test. AAAA",
                    "x.wild.broken.test. TXT",
                    "denied.broken.test. AAAA",
                    "expired.broken.nsec3. A",
                    "wrong.broken.nsec3. A",
                    "stripped.broken.nsec3. A",
                    "unproven.broken.nsec3. A",
                    "halfwild.broken.nsec3. AAAA",
                    "x.wild.broken.nsec3. TXT",
                    "denied.broken.nsec3. AAAA");

    private Verdicts() {}

    /**
     * Prints {@code = NAME TYPE VERDICT} for each question, then {@code ready}, and serves until it
     * is killed.
     *
     * @param args the port, and a file into which the trust anchor is written
     */
    public static void main(String[] args) throws Exception {
        TrustAnchors anchors = SignedWorld.anchors("rsa");
        Files.writeString(Path.of(args[1]), anchors.text());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ZoneServer server = ZoneServer.start(Integer.parseInt(args[0]))) {
            server.signedWorld();
            Time time = new SystemTime();
            Upstreams upstreams =
                    new Upstreams(List.of(server.address()), Duration.ofSeconds(5), 2, false);
            Exchange exchange =
                    new Exchange(
                            () -> upstreams,
                            new SocketTransport(time, new VirtualThreads()),
                            time,
                            new SplittableRandom(1));
            StubResolver resolver = new StubResolver(new Validator(exchange, anchors, time));
            for (String question : QUESTIONS) {
                String[] words = question.split(" ");
                Answer answer =
                        resolver.lookup(
                                DnsName.parse(words[0]),
                                RecordType.valueOf(words[1]),
                                time.deadline(Duration.ofSeconds(30)));
                out.println("= " + question + " " + verdict(answer));
            }
            out.println("ready");
            Thread.currentThread().join();
        }
    }

    private static String verdict(Answer answer) {
        return switch (answer) {
            case Answer.Found found -> found.security().name();
            case Answer.NoData no -> no.security().name();
            case Answer.NoSuchName no -> no.security().name();
            case Answer.Failed failed -> failed.kind().name();
        };
    }
}
