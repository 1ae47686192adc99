package mansio.trust.cross;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.Header;
import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;
import mansio.trust.authres.ArcResults;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.authres.ForgedResults;
import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimSignature;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.KeyRecord;
import mansio.trust.dkim.RawField;
import mansio.trust.dkim.RawHeader;
import mansio.trust.dkim.TagList;
import mansio.trust.dmarc.DmarcRecord;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReader;
import mansio.trust.dmarcreport.FeedbackReport;
import mansio.trust.dmarcreport.ReportLimits;
import mansio.trust.dmarcreport.ReportMail;
import mansio.trust.dnsbl.CodePattern;
import mansio.trust.spf.MacroString;
import mansio.trust.spf.SpfRecord;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Each parser of what strangers write, in a message or in the DNS: nonsense is read or refused in
 * one way, and much of it takes no longer than there is of it.
 */
class ParserBoundsTest {
    /** Of a thread, for 200,000 chars: what is quadratic needs ten times as much. */
    private static final Duration MOST = Duration.ofSeconds(1);

    private static final int LENGTH = 200_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final String[] PIECES = {
        "a",
        " ",
        "\t",
        "\r\n ",
        "\r\n",
        "\n",
        ";",
        ";;",
        "=",
        ":",
        ",",
        "(",
        "((",
        "()",
        ")",
        "\"",
        "\\",
        "\\\"",
        "<",
        ">",
        "@",
        "a@",
        "%",
        "%{",
        "%{s}",
        "%{d4r.-}",
        "%25",
        "%%",
        "%_",
        "!",
        "!1k",
        "/",
        "//",
        "/0",
        ".",
        "a.",
        "-",
        "+all ",
        "include:a ",
        "ip4:1.2.3.4/8 ",
        "ip6:",
        "a:%{i}.b ",
        "exp=",
        "redirect=a ",
        "v=spf1 ",
        "v=DMARC1; ",
        "p=none; ",
        "rua=mailto:a@b.c",
        ",mailto:a@b.c!1m",
        "v=DKIM1; ",
        "k=rsa; ",
        "p=AAAA",
        "h=from:",
        "from:",
        "b=AAAA ",
        "i=1; ",
        "x.example; ",
        "dkim=pass ",
        "spf=fail (",
        "header.d=a ",
        "reason=\"",
        "1",
        "/1 ",
        "=?utf-8?q?",
        "--",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "Feedback-Type: abuse\r\n",
        "Content-Type: multipart/mixed; boundary=a\r\n",
        "\r\n--a\r\n",
        "<a>",
        "</a>",
        "<a ",
        "&lt;",
        "&#1;",
        "<!--",
        "-->",
        "<![CDATA[",
        "127.0.0.1",
        "-4",
        "&8",
        "\0",
        "\u00e9",
        "\u212a"
    };

    /** What it begins with makes most of the rest be looked at. */
    private enum Parser {
        SPF_RECORD("v=spf1 ", SpfRecord::parse),
        SPF_EXPLANATION("", MacroString::parseExplanation),
        TAG_LIST("v=1;", TagList::parse),
        DKIM_SIGNATURE(
                "v=1;a=rsa-sha256;b=AAAA;bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;"
                        + "d=a.example;s=s;h=from:",
                DkimSignature::parse),
        KEY_RECORD("v=DKIM1;p=", text -> KeyRecord.parse(text, Crypto.jdk())),
        PRIVATE_KEY("-----BEGIN PRIVATE KEY-----\n", KeyMaterial::ofPem),
        SIGNED_HEADER("From: a\r\n", ParserBoundsTest::signedHeader),
        DMARC_RECORD("v=DMARC1; p=none; ", DmarcRecord::parse),
        REPORT_URI("mailto:a@b.example", ReportUri::parse),
        AUTHENTICATION_RESULTS("a.example; dkim=pass ", AuthenticationResults::parse),
        ARC_RESULTS("i=1; a.example; dkim=pass ", ArcResults::parse),
        FORGED_RESULTS("Authentication-Results: ", ParserBoundsTest::forged),
        LIST_PATTERN("127.0.0.", CodePattern::parse),
        FEEDBACK_REPORT("Feedback-Type: auth-failure\r\n", text -> feedback(bytes(text))),
        AGGREGATE_REPORT("<feedback>", text -> aggregate(bytes(text))),
        PACKED_REPORT("\u001f\u008b\b", text -> aggregate(bytes(text))),
        ZIPPED_REPORT("PK\u0003\u0004", text -> aggregate(bytes(text))),
        REPORT_MAIL(
                "Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n",
                text -> ReportMail.read(bytes(text), ReportLimits.USUAL));

        final String start;
        final Consumer<String> parser;

        Parser(String start, Consumer<String> parser) {
            this.start = start;
            this.parser = parser;
        }

        /** Reads or refuses; anything else is a defect. */
        void read(String text) {
            try {
                parser.accept(text);
            } catch (SyntaxException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static void feedback(byte[] part) {
        FeedbackReport.parse(part);
    }

    private static void aggregate(byte[] file) {
        AggregateReader.read(file, ReportLimits.USUAL);
    }

    private static void signedHeader(String text) {
        RawHeader header = RawHeader.parse(bytes(text));
        List<String> names = Collections.nCopies(1_000, "from");
        for (Canonicalization form : Canonicalization.values()) {
            header.signedData(names, form, RawField.of("DKIM-Signature: b=" + text));
        }
    }

    private static void forged(String text) {
        ForgedResults results = new ForgedResults(List.of("a.example"));
        results.find(Header.parse(text.getBytes(UTF_8)));
        results.isForged(text);
    }

    @ParameterizedTest
    @EnumSource
    void anythingIsReadOrRefused(Parser parser) {
        long first = Seeds.first(1);
        for (long seed = first; seed < first + Seeds.count(1_000); seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder(random.nextInt(9) > 0 ? parser.start : "");
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            try {
                parser.read(text.toString());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void muchOfItTakesNoLongerThanThereIsOfIt(Parser parser) {
        for (String piece : PIECES) {
            String much = parser.start + piece.repeat(LENGTH / piece.length());
            long before = THREADS.getCurrentThreadCpuTime();
            parser.read(much);
            Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);
            assertThat(took).as(piece).isLessThan(MOST);
        }
    }
}
