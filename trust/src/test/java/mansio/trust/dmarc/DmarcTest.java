package mansio.trust.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dns.Question;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.dmarc.DmarcResult.Result;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.psl.PublicSuffixes.Sections;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class DmarcTest {
    private static final PublicSuffixes SUFFIXES =
            PublicSuffixes.bundled(Sections.ICANN_AND_PRIVATE);

    private static final String ZONE =
            """
            _dmarc.org.example.com.    TXT "v=DMARC1; p=reject; sp=quarantine; np=none"
            org.example.com.           A 192.0.2.1
            sub.org.example.com.       A 192.0.2.1
            _dmarc.own.org.example.com. TXT "v=DMARC1; p=none"
            own.org.example.com.       A 192.0.2.1
            _dmarc.strict.example.     TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
            _dmarc.test.example.       TXT "v=DMARC1; p=reject; t=y"
            _dmarc.half.example.       TXT "v=DMARC1; p=quarantine; pct=50"
            _dmarc.broken.example.     TXT "v=DMARC1; p=rejct"
            _dmarc.two.example.        TXT "v=DMARC1; p=reject"
            _dmarc.two.example.        TXT "v=DMARC1; p=none"
            _dmarc.two.example.        TXT "something else"
            _dmarc.bank.               TXT "v=DMARC1; p=reject; sp=reject; np=quarantine; psd=y"
            shop.bank.                 A 192.0.2.1
            _dmarc.mid.shop.bank.      TXT "v=DMARC1; p=none"
            mid.shop.bank.             A 192.0.2.1
            x.mid.shop.bank.           A 192.0.2.1
            _dmarc.uni.edu.            TXT "v=DMARC1; p=none"
            _dmarc.cs.uni.edu.         TXT "v=DMARC1; p=quarantine; psd=n"
            _dmarc.alone.uk.com.       TXT "v=DMARC1; p=reject"
            _dmarc.mail.lone.net.      TXT "v=DMARC1; p=reject"
            _dmarc.net.                TXT "v=DMARC1; p=none"
            _dmarc.c.d.e.f.g.h.        TXT "v=DMARC1; p=none"
            ;! _dmarc.dead.example. servfail
            ;! _dmarc.torn.dead.info. servfail
            _dmarc.a.torn.dead.info.   TXT "v=DMARC1; p=reject"
            """;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    DmarcTest() {
        dns.zone(".", ZONE);
    }

    private DmarcResult evaluate(Discovery discovery, String author, Facts facts) {
        return new Dmarc(dns, discovery, SUFFIXES, new SplittableRandom(1))
                .evaluate(Domain.parse(author), facts, time.deadline(Duration.ofSeconds(30)));
    }

    private DmarcResult evaluate(String author, Facts facts) {
        return evaluate(Discovery.TREE_WALK, author, facts);
    }

    private static Facts spf(String domain) {
        return new Facts(Optional.of(new SpfFact(Domain.parse(domain), Outcome.PASS)), List.of());
    }

    private static Facts dkim(String... domains) {
        List<DkimFact> facts = new ArrayList<>();
        for (String domain : domains) {
            facts.add(new DkimFact(Domain.parse(domain), "s", Outcome.PASS));
        }
        return new Facts(Optional.empty(), facts);
    }

    /** Which record counts, by which of its tags, and what it wants. */
    @ParameterizedTest
    @CsvSource({
        "org.example.com, org.example.com, p, REJECT",
        "sub.org.example.com, org.example.com, sp, QUARANTINE",
        "none.org.example.com, org.example.com, np, NONE",
        "own.org.example.com, own.org.example.com, p, NONE",
        "mid.shop.bank, mid.shop.bank, p, NONE",
        "shop.bank, bank, sp, REJECT",
        "nosuch.bank, bank, np, QUARANTINE",
        "x.mid.shop.bank, bank, sp, REJECT",
        "bank, bank, p, REJECT",
        "a.cs.uni.edu, cs.uni.edu, sp, QUARANTINE",
        "a.uni.edu, uni.edu, sp, NONE",
    })
    void theRecordIsFound(String author, String domain, String tag, Policy policy) {
        DmarcResult result = evaluate(author, Facts.NOTHING);
        assertThat(result.result()).isEqualTo(Result.FAIL);
        assertThat(result.found().orElseThrow().domain().text()).isEqualTo(domain);
        assertThat(result.found().orElseThrow().tag()).isEqualTo(tag);
        assertThat(result.requested()).isEqualTo(policy);
        assertThat(result.applied()).isEqualTo(policy);
        assertThat(result.reason()).isNotEmpty();
    }

    /** Author, identifier, and whether they are aligned: by walk; by both; by the list. */
    @ParameterizedTest
    @CsvSource({
        "org.example.com, org.example.com, yes, yes, yes",
        "org.example.com, bounce.org.example.com, yes, yes, yes",
        "sub.org.example.com, org.example.com, yes, yes, ''",
        "sub.org.example.com, own.org.example.com, yes, yes, ''",
        "org.example.com, example.com, no, yes, yes",
        "org.example.com, other.example.com, no, yes, yes",
        "org.example.com, example.net, no, no, no",
        "org.example.com, xorg.example.com, no, yes, yes",
        "a.cs.uni.edu, uni.edu, no, no, ''",
        "cs.uni.edu, a.b.cs.uni.edu, yes, yes, yes",
        "uni.edu, cs.uni.edu, no, no, yes",
        "mid.shop.bank, shop.bank, yes, yes, yes",
        "mid.shop.bank, other.bank, no, no, no",
        "strict.example, strict.example, yes, yes, yes",
        "strict.example, a.strict.example, no, no, no",
        "mail.lone.net, other.net, yes, no, no",
        "mail.lone.net, lone.net, yes, yes, yes",
    })
    void identifiersAreAligned(
            String author, String identifier, String walk, String both, String list) {
        List<Discovery> ways = List.of(Discovery.values());
        List<String> expected = List.of(walk, both, list);
        for (int i = 0; i < ways.size(); i++) {
            if (expected.get(i).isEmpty()) {
                continue; // The list finds no record for this author.
            }
            for (Facts facts : List.of(spf(identifier), dkim("x.invalid", identifier))) {
                DmarcResult result = evaluate(ways.get(i), author, facts);
                boolean passed = result.result() == Result.PASS;
                assertThat(passed)
                        .as(ways.get(i) + ": " + result)
                        .isEqualTo(expected.get(i).equals("yes"));
                assertThat(result.spf().isPresent() || result.dkim().isPresent()).isEqualTo(passed);
                assertThat(passed && result.applied() != Policy.NONE).isFalse();
            }
        }
    }

    @Test
    void bothIdentifiersAreTold() {
        Facts both =
                new Facts(
                        Optional.of(new SpfFact(Domain.parse("org.example.com"), Outcome.PASS)),
                        List.of(
                                new DkimFact(Domain.parse("org.example.com"), "a", Outcome.FAIL),
                                new DkimFact(Domain.parse("org.example.com"), "b", Outcome.PASS)));
        DmarcResult result = evaluate("org.example.com", both);
        assertThat(result.spf()).isPresent();
        assertThat(result.dkim().map(DkimFact::selector)).contains("b");
        assertThat(result.reason()).contains("SPF passed").contains("DKIM passed");
        assertThat(result.applied()).isEqualTo(Policy.NONE);
        assertThat(result.requested()).isEqualTo(Policy.REJECT);
    }

    @Test
    void whatFailedDoesNotCount() {
        Facts failed =
                new Facts(
                        Optional.of(new SpfFact(Domain.parse("org.example.com"), Outcome.FAIL)),
                        List.of());
        assertThat(evaluate("org.example.com", failed).result()).isEqualTo(Result.FAIL);
    }

    @Test
    void withoutRecordThereIsNothingToSay() {
        DmarcResult result = evaluate("nobody.example", dkim("nobody.example"));
        assertThat(result.result()).isEqualTo(Result.NONE);
        assertThat(result.applied()).isEqualTo(Policy.NONE);
        assertThat(evaluate("two.example", dkim("two.example")).result()).isEqualTo(Result.NONE);
        assertThat(evaluate(Discovery.LIST, "two.example", Facts.NOTHING).reason())
                .contains("several");
    }

    @Test
    void aBrokenRecordIsAPermanentError() {
        DmarcResult result = evaluate("broken.example", dkim("broken.example"));
        assertThat(result.result()).isEqualTo(Result.PERMERROR);
        assertThat(result.applied()).isEqualTo(Policy.NONE);
        assertThat(result.found()).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Discovery.class)
    void troubleOfTheDnsIsTemporary(Discovery discovery) {
        assertThat(evaluate(discovery, "dead.example", dkim("dead.example")).result())
                .isEqualTo(Result.TEMPERROR);
        assertThat(evaluate(discovery, "a.dead.example", Facts.NOTHING).result())
                .isEqualTo(Result.TEMPERROR);
    }

    @Test
    void anOrganizationThatCannotBeToldIsTemporary() {
        DmarcResult unaligned = evaluate("a.torn.dead.info", dkim("b.torn.dead.info"));
        assertThat(unaligned.result()).isEqualTo(Result.TEMPERROR);
        assertThat(unaligned.applied()).isEqualTo(Policy.NONE);
        DmarcResult passed =
                evaluate("a.torn.dead.info", dkim("b.torn.dead.info", "a.torn.dead.info"));
        assertThat(passed.result()).isEqualTo(Result.PASS);
        assertThat(evaluate("a.torn.dead.info", dkim("b.example")).result()).isEqualTo(Result.FAIL);
    }

    /** RFC 7489 section 6.6.2: what could still pass is no failure. */
    @ParameterizedTest
    @CsvSource({
        "org.example.com, TEMPERROR",
        "a.org.example.com, TEMPERROR",
        "example.net, FAIL",
    })
    void aCheckThatCouldNotBeMadeIsTemporaryWhenItWouldCount(String domain, Result expected) {
        Domain identifier = Domain.parse(domain);
        Facts facts =
                new Facts(
                        Optional.empty(),
                        List.of(
                                new DkimFact(identifier, "s", Outcome.TEMPERROR),
                                new DkimFact(Domain.parse("other.net"), "s", Outcome.PASS)));
        assertThat(evaluate("org.example.com", facts).result()).isEqualTo(expected);
        Facts spf = new Facts(Optional.of(new SpfFact(identifier, Outcome.TEMPERROR)), List.of());
        assertThat(evaluate("org.example.com", spf).result()).isEqualTo(expected);
    }

    @Test
    void anOwnerWhoTestsGetsAStepLess() {
        DmarcResult result = evaluate("test.example", Facts.NOTHING);
        assertThat(result.requested()).isEqualTo(Policy.REJECT);
        assertThat(result.applied()).isEqualTo(Policy.QUARANTINE);
        assertThat(result.reason()).contains("tests");
    }

    @Test
    void aShareOfTheMessagesIsSpared() {
        Dmarc dmarc = new Dmarc(dns, Discovery.TREE_WALK, SUFFIXES, new SplittableRandom(4));
        int spared = 0;
        for (int i = 0; i < 400; i++) {
            DmarcResult result =
                    dmarc.evaluate(
                            Domain.parse("half.example"),
                            Facts.NOTHING,
                            time.deadline(Duration.ofSeconds(9)));
            assertThat(result.result()).isEqualTo(Result.FAIL);
            spared += result.applied() == Policy.NONE ? 1 : 0;
        }
        assertThat(spared).isBetween(150, 250);
    }

    /** RFC 7489 section 6.6.1. */
    @Test
    void ofSeveralAuthorsTheStrictestFailureCounts() {
        Dmarc dmarc = new Dmarc(dns, Discovery.TREE_WALK, SUFFIXES, new SplittableRandom(4));
        List<Domain> authors =
                List.of(
                        Domain.parse("uni.edu"),
                        Domain.parse("strict.example"),
                        Domain.parse("nobody.example"));
        long deadline = time.deadline(Duration.ofSeconds(30));
        DmarcResult result = dmarc.evaluate(authors, dkim("uni.edu"), deadline);
        assertThat(result.author()).contains(Domain.parse("strict.example"));
        assertThat(result.applied()).isEqualTo(Policy.REJECT);
        List<Domain> many = new ArrayList<>();
        for (int i = 0; i <= Dmarc.MAX_AUTHORS; i++) {
            many.add(Domain.parse("d" + i + ".example"));
        }
        assertThat(dmarc.evaluate(many, Facts.NOTHING, deadline).result())
                .isEqualTo(Result.PERMERROR);
        assertThat(dmarc.evaluate(List.of(), Facts.NOTHING, deadline).result())
                .isEqualTo(Result.NONE);
    }

    @Test
    void aWalkAsksEightTimesAtMost() {
        evaluate("a.b.c.d.e.f.g.h.i.j.mail.example.com", Facts.NOTHING);
        assertThat(dns.asked())
                .extracting(question -> question.name().text())
                .containsExactly(
                        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
                        "_dmarc.g.h.i.j.mail.example.com",
                        "_dmarc.h.i.j.mail.example.com",
                        "_dmarc.i.j.mail.example.com",
                        "_dmarc.j.mail.example.com",
                        "_dmarc.mail.example.com",
                        "_dmarc.example.com",
                        "_dmarc.com");
    }

    @Test
    void foreignSignaturesCostNoQuestions() {
        String[] foreign = new String[20];
        for (int i = 0; i < foreign.length; i++) {
            foreign[i] = "a.b.c.d.e.f.g" + i + ".example.net";
        }
        evaluate("org.example.com", dkim(foreign));
        assertThat(dns.asked())
                .extracting(Question::name)
                .extracting(Object::toString)
                .containsExactly("_dmarc.org.example.com");
    }
}
