package mansio.serve.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.FromFinder;
import mansio.codec.message.MailDate;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.checks.MessageChecks;
import mansio.serve.preflight.Arrived.Journey;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Each rule made to fail in turn, over a message and a DNS that are right otherwise. */
class ScoreTest {
    private static final KeyMaterial KEY = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
    private static final String HOST = "192.0.2.1";
    private static final String NAMELESS = "192.0.2.2";
    private static final String LISTED = "192.0.2.3";

    /** HTML, and a text that is no other form of it. */
    private static final String WITH_ATTACHMENT =
            """
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/html

            <p>Will you come?
            --x
            Content-Type: text/plain
            Content-Disposition: attachment; filename=list.txt

            milk
            --x--
            """
                    .replace("\n", "\r\n");

    private final Time time = new SystemTime();
    private final Random random = new Random(7);
    private final FakeDns dns = new FakeDns(time, random);
    private final TreeSet<String> failed = new TreeSet<>();

    @BeforeEach
    void world() {
        dns.zone("com.", "com. SOA ns. h. 1 1 1 1 300\n");
        dns.zone("test.", "test. SOA ns. h. 1 1 1 1 300\n3.2.0.192.bl.test. A 127.0.0.2\n");
        dns.zone(
                "arpa.",
                """
                arpa. SOA ns. h. 1 1 1 1 300
                1.2.0.192.in-addr.arpa. PTR mx.good.com.
                3.2.0.192.in-addr.arpa. PTR mx.good.com.
                4.2.0.192.in-addr.arpa. PTR host-192-0-2-4.good.com.
                """);
        dns.zone(
                "good.com.",
                """
                good.com. SOA ns. h. 1 1 1 1 300
                good.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
                _dmarc.good.com. TXT "v=DMARC1; p=reject"
                mx.good.com. A 192.0.2.1
                mx.good.com. A 192.0.2.3
                host-192-0-2-4.good.com. A 192.0.2.4
                s._domainkey.good.com. TXT "%s"
                """
                        .formatted(KEY.record()));
        dns.zone(
                "bare.com.",
                """
                bare.com. SOA ns. h. 1 1 1 1 300
                bare.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
                s._domainkey.bare.com. TXT "%s"
                """
                        .formatted(KEY.record()));
    }

    /** How a message leaves. */
    private record Way(String ip, String helo, String path, boolean tls) {
        static final Way GOOD = new Way(HOST, "mx.good.com", "bob@good.com", true);
    }

    private String good() {
        return """
        Date: %s
        From: Bob <bob@good.com>
        To: Ann <ann@example.org>
        Message-ID: <1@good.com>
        Subject: Dinner on Friday
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        Will you come?
        """
                .formatted(MailDate.format(time.now().atOffset(ZoneOffset.UTC)))
                .replace("\n", "\r\n");
    }

    private String signed(String domain, String message) {
        DkimSigning signing =
                new DkimSigning(
                        Crypto.jdk(),
                        time,
                        List.of(KEY.signingKey(Domain.parse(domain), "s", Crypto.jdk())),
                        SigningOptions.DEFAULT);
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(signing));
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        pass.feed(bytes, 0, bytes.length);
        pass.end();
        return new String(signing.fields(), StandardCharsets.UTF_8) + message;
    }

    private Score score(Way way, String message) {
        PublicSuffixes suffixes = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
        BlockList list =
                BlockList.simple(
                        DnsName.parse("bl.test."),
                        BlockList.Subject.ADDRESS,
                        BlockList.Action.WEIGH,
                        5);
        Checks checks =
                new Checks(
                        new Checks.Tools(
                                new Spf(
                                        dns,
                                        time,
                                        SpfLimits.STANDARD,
                                        Domain.parse("mx.example.org")),
                                new Iprev(dns),
                                new Surroundings(dns, time, new VirtualThreads(), Crypto.jdk()),
                                new Dmarc(dns, Discovery.TREE_WALK, suffixes, random),
                                suffixes,
                                new Checks.Lists(new BlockLists(dns), List.of(list))),
                        Duration.ofSeconds(20));
        MessageChecks running =
                checks.begin(
                        new Client(
                                InetAddress.ofLiteral(way.ip),
                                way.helo,
                                Optional.of(Address.parse(way.path))));
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        running.feed(bytes, 0, bytes.length);
        ParsedMessage parsed = MessageParser.parse(bytes);
        return Score.of(
                new Arrived(
                        bytes,
                        parsed,
                        running.finish(FromFinder.of(parsed)),
                        time.now(),
                        Optional.of(
                                new Journey(way.tls ? Optional.of("TLSv1.3") : Optional.empty()))));
    }

    /** Exactly this rule takes points, from a message that is signed after the change. */
    private void fails(String rule, UnaryOperator<String> change) {
        only(rule, Way.GOOD, signed("good.com", change.apply(good())));
    }

    private void only(String rule, Way way, String message) {
        Score score = score(way, message);
        assertThat(score.lost()).as(message).extracting(Score.Lost::rule).containsExactly(rule);
        assertThat(score.tenths()).isEqualTo(100 - score.lost().getFirst().tenths());
        assertThat(score.lost().getFirst().what()).isNotBlank();
        assertThat(score.lost().getFirst().cure()).isNotBlank();
        failed.add(rule);
    }

    @Test
    void aGoodMessageHasTenPoints() {
        Score score = score(Way.GOOD, signed("good.com", good()));
        assertThat(score.lost()).isEmpty();
        assertThat(score.text()).isEqualTo("10.0");
    }

    @Test
    void nothingIsBelowZero() {
        Way bad = new Way(NAMELESS, "[192.0.2.2]", "x@nowhere.com", false);
        Score score =
                score(
                        bad,
                        "Subject: \0HELLO EVERYBODY\r\nsubject: X\n\r\n\u00e9" + "x".repeat(2_000));
        assertThat(score.tenths()).isZero();
        assertThat(score.text()).isEqualTo("0.0");
    }

    @Test
    void eachRuleFailsAlone() {
        sender();
        header();
        body();
        bulk();
        whatWasSentOnIsSealed();
        assertThat(failed)
                .containsExactlyInAnyOrderElementsOf(
                        Score.rules().stream().map(Rule::name).toList());
    }

    private void sender() {
        Way good = Way.GOOD;
        String message = signed("good.com", good());
        only("spf", new Way(HOST, good.helo, "bob@nospf.com", true), message);
        only("dkim", good, good());
        only("dkim", good, message.replace("Will", "Shall"));
        only(
                "reverse-name",
                new Way(NAMELESS, "mx.good.com", good.path, true),
                message,
                "helo-name");
        only(
                "generic-name",
                new Way("192.0.2.4", "host-192-0-2-4.good.com", good.path, true),
                message);
        only("helo-name", new Way(HOST, "mail.good.com", good.path, true), message);
        only("helo-name", new Way(HOST, "localhost", good.path, true), message);
        only("tls", new Way(HOST, good.helo, good.path, false), message);
        only("block-lists", new Way(LISTED, good.helo, good.path, true), message);
        String bare = good().replace("bob@good.com", "bob@bare.com");
        only(
                "dmarc-record",
                new Way(HOST, good.helo, "bob@bare.com", true),
                signed("bare.com", bare));
        only(
                "alignment",
                new Way(HOST, good.helo, "bob@bare.com", true),
                signed("bare.com", good()));
        String free = good().replace("bob@good.com", "bob@gmail.com");
        dns.zone(
                "gmail.com.",
                "gmail.com. SOA ns. h. 1 1 1 1 300\n"
                        + "_dmarc.gmail.com. TXT \"v=DMARC1; p=none\"\n");
        only("free-mail-from", good, signed("good.com", free), "alignment");
    }

    /** This rule, and one that cannot be right when it is not. */
    private void only(String rule, Way way, String message, String other) {
        assertThat(score(way, message).lost())
                .extracting(Score.Lost::rule)
                .containsExactlyInAnyOrder(rule, other);
        failed.add(rule);
    }

    private void header() {
        only(
                "from",
                Way.GOOD,
                signed("good.com", good().replace("From: Bob", "From: x@good.com, Bob")));
        fails("date", it -> it.replaceFirst("Date: [^\r]*\r\n", ""));
        fails("date", it -> it.replaceFirst("Date: [^\r]*", "Date: yesterday"));
        fails(
                "date",
                it -> it.replaceFirst("Date: [^\r]*", "Date: Fri, 21 Nov 2098 09:55:06 -0600"));
        fails(
                "date",
                it -> it.replaceFirst("Date: [^\r]*", "Date: Fri, 21 Nov 1997 09:55:06 -0600"));
        fails("message-id", it -> it.replace("Message-ID: <1@good.com>\r\n", ""));
        fails("message-id", it -> it.replace("<1@good.com>", "1"));
        fails("once", it -> "Subject: another\r\n" + it);
        fails("recipients", it -> it.replace("To: Ann <ann@example.org>\r\n", ""));
        fails("recipients", it -> it.replace("Ann <ann@example.org>", ""));
        fails("recipients", it -> it.replace("ann@example.org", ""));
        fails("reply-to", it -> "Reply-To: somebody\r\n" + it);
        fails("subject", it -> it.replace("Dinner on Friday", ""));
        fails("loud-subject", it -> it.replace("Dinner on Friday", "FREE DINNER NOW"));
        fails("header-lines", it -> it.replace("MIME-V", "X-Thing : 1\r\nMIME-V"));
        fails("bare-8bit-header", it -> it.replace("Dinner", "D\u00eener"));
    }

    private void body() {
        fails("bare-8bit-body", it -> it.replace("8bit", "7bit").replace("come", "d\u00eener"));
        fails("lines", it -> it.replace("come", "x".repeat(1_000)));
        fails("lines", it -> it + "x\r");
        fails("mime", it -> it.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=x"));
        fails("mime", it -> it.replace("MIME-Version: 1.0\r\n", ""));
        fails("html-only", it -> it.replace("text/plain", "text/html"));
        fails("html-only", it -> it.substring(0, it.indexOf("Content-Type")) + WITH_ATTACHMENT);
        fails("size", it -> it + ("x".repeat(70) + "\r\n").repeat(365_000));
    }

    private void bulk() {
        String post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
        String link = "List-Unsubscribe: <https://good.com/u>\r\n";
        fails("one-click", it -> "Precedence: bulk\r\n" + it);
        fails("one-click", it -> "List-Unsubscribe: <mailto:u@good.com>\r\n" + post + it);
        fails("one-click", it -> link + it);
        only("one-click", Way.GOOD, link + post + signed("good.com", good()));
        Score score = score(Way.GOOD, signed("good.com", link + post + good()));
        assertThat(score.lost()).isEmpty();
        assertThat(score.notes()).hasSize(1).first().asString().contains("0.1 %");
        // A signature of another body covers it, and does not hold.
        String other = link + post + good().replace("Will", "Shall");
        String broken = signed("good.com", other);
        broken = broken.substring(0, broken.length() - other.length());
        only("one-click", Way.GOOD, broken + link + post + signed("good.com", good()));
    }

    @Test
    void whatWasSentOnIsSealed() {
        fails("arc", it -> "ARC-Seal: i=1; nonsense\r\n" + it);
        String sentOn = "X-Forwarded-To: ann@example.net\r\n" + signed("bare.com", good());
        Way way = new Way(HOST, "mx.good.com", "bob@bare.com", true);
        only("arc", way, sentOn, "alignment");
    }

    @Test
    void whatTheDnsDoesNotTellTakesNoPoints() {
        Behaviour fails = Behaviour.of(Behaviour.Kind.SERVFAIL);
        for (String name :
                List.of(
                        "good.com.",
                        "_dmarc.good.com.",
                        "s._domainkey.good.com.",
                        "1.2.0.192.in-addr.arpa.",
                        "1.2.0.192.bl.test.")) {
            dns.behave(name, fails);
        }
        Score score = score(Way.GOOD, signed("good.com", good()));
        assertThat(score.lost()).isEmpty();
        assertThat(score.unknown())
                .extracting(Score.Open::rule)
                .containsExactly(
                        "spf",
                        "dkim",
                        "alignment",
                        "dmarc-record",
                        "reverse-name",
                        "helo-name",
                        "block-lists");
        assertThat(score.skipped()).extracting(Score.Open::rule).containsExactly("generic-name");
    }
}
