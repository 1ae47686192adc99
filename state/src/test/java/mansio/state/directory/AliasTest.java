package mansio.state.directory;

import static mansio.state.directory.House.address;
import static mansio.state.directory.House.domain;
import static mansio.state.directory.House.done;
import static mansio.state.directory.House.refused;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.LocalPart;
import mansio.state.store.AccountId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Aliases with patterns, of whole domains, to other servers, switched off. */
class AliasTest {
    private House house = new House();

    @BeforeEach
    void people() throws IOException {
        house.addDomain("example.org");
        house.addDomain("second.example");
        house.addAccount("root-admin@example.org");
        house.addAccount("anna@example.org");
        house.addAccount("bert@example.org");
        done(house.editor.setAliasOf(domain("second.example"), Optional.of(domain("example.org"))));
        done(
                house.editor.setCatchAll(
                        domain("example.org"), Optional.of(address("bert@example.org"))));
        house.addAlias("info-*@example.org", "anna@example.org");
        house.addAlias("info-x*@example.org", "bert@example.org");
        house.addAlias("/^no-([a-z]+)$/@example.org", "$1@example.org");
        house.addAlias("away@example.org", "bert@example.org");
        done(house.aliases.setEnabled(address("away@example.org"), false));
        house.addAlias("both@example.org", "anna@example.org", "Anna@Far.example");
        house.addAlias("far@example.org", "x@far.example", "y@far.example", "x@far.example");
        house.addAlias("deep@example.org", "far@example.org", "both@second.example");
        house.addAlias("far-*@example.org", "$1@far.example");
        house.addAlias("cron@example.org", "bert@example.org");
        house.addAlias("abuse@example.org", "x@far.example");
        house.addAlias("daemon@example.org", "x@far.example");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({
        "info-a@example.org, anna@example.org",
        "INFO-Xa@example.org, bert@example.org",
        "info-*@example.org, anna@example.org",
        "anna+info-@example.org, anna@example.org/info-",
        "no-anna@example.org, anna@example.org",
        "no-anna7@example.org, bert@example.org",
        "\"/^no-([a-z]+)$/\"@example.org, bert@example.org",
        "away@example.org, nobody",
        "away+x@example.org, nobody",
        "whoever@example.org, bert@example.org",
        "anna@second.example, anna@example.org",
        "Anna+X@SECOND.example, anna@example.org/X",
        "info-a@second.example, anna@example.org",
        "whoever@second.example, bert@example.org",
        "postmaster@second.example, root-admin@example.org",
        "root@example.org, root-admin@example.org",
        "MAILER-DAEMON@example.org, root-admin@example.org",
        "cron@example.org, bert@example.org",
        "both@example.org, anna@example.org -> Anna@far.example by example.org",
        "far@example.org, -> x@far.example by example.org -> y@far.example by example.org",
        "far-Q@example.org, -> Q@far.example by example.org",
        "daemon@example.org, -> x@far.example by example.org",
        "abuse@example.org, root-admin@example.org -> x@far.example by example.org",
    })
    void goesTo(String forwardPath, String expected) throws IOException {
        assertThat(house.route(forwardPath)).isEqualTo(expected);
        assertThat(house.directory.explain(address(forwardPath)).steps()).isNotEmpty();
        house = house.reopened();
        assertThat(house.route(forwardPath)).as("after a restart").isEqualTo(expected);
    }

    @Test
    void everyStepIsTold() throws IOException {
        assertThat(house.directory.explain(address("deep@second.example")).steps())
                .extracting(it -> it.rule() + " " + it.address() + ": " + it.outcome())
                .containsExactly(
                        "domain deep@second.example: has the addresses of example.org",
                        "alias deep@example.org: leads to far@example.org, both@second.example",
                        "alias far@example.org: leads to x@far.example, y@far.example,"
                                + " x@far.example",
                        "forward x@far.example: at another server",
                        "forward y@far.example: at another server",
                        "forward x@far.example: at another server",
                        "domain both@second.example: has the addresses of example.org",
                        "alias both@example.org: leads to anna@example.org, Anna@far.example",
                        "account anna@example.org: the account anna@example.org",
                        "forward Anna@far.example: at another server");
        assertThat(house.directory.explain(address("no-anna@example.org")).steps())
                .extracting(it -> it.rule() + " " + it.outcome())
                .contains("pattern fits /^no-([a-z]+)$/@example.org");
        assertThat(house.directory.explain(address("away@example.org")).steps())
                .extracting(it -> it.rule() + " " + it.outcome())
                .contains("alias switched off");
    }

    @ParameterizedTest
    @CsvSource({
        "anna@example.org, both@example.org, true",
        "anna@example.org, anna@second.example, true",
        "anna@example.org, info-a@example.org, false",
        "anna@example.org, no-anna@example.org, false",
        "bert@example.org, whoever@second.example, false",
        "bert@example.org, away@example.org, false",
        "anna@example.org, Anna@far.example, false",
        "root-admin@example.org, root@example.org, true",
    })
    void patternsMakeNobodyAnOwner(String account, String address, boolean owns)
            throws IOException {
        AccountId id = done(house.editor.account(address(account))).id();
        assertThat(house.directory.owns(id, address(address))).isEqualTo(owns);
    }

    @Test
    void anotherNameOfADomainIsALoginName() throws IOException {
        AccountId id = done(house.editor.account(address("anna@example.org"))).id();
        assertThat(house.directory.isLoginName(id, "anna@second.example")).isTrue();
    }

    @Test
    void aCatchAllMayLeadElsewhere() throws IOException {
        done(
                house.editor.setCatchAll(
                        domain("example.org"), Optional.of(address("all@far.example"))));
        assertThat(house.route("whoever@second.example"))
                .isEqualTo("-> all@far.example by example.org");
    }

    @Test
    void switchedOnAgainWithAComment() throws IOException {
        Address away = address("Away@example.org");
        assertThat(done(house.aliases.setComment(away, "back in May")).comment())
                .isEqualTo("back in May");
        assertThat(done(house.aliases.setEnabled(away, true)).enabled()).isTrue();
        assertThat(house.route("away@example.org")).isEqualTo("bert@example.org");
        house = house.reopened();
        assertThat(house.aliases.list(Optional.of(domain("example.org"))))
                .contains(
                        new AliasInfo(
                                address("away@example.org"),
                                List.of(address("bert@example.org")),
                                true,
                                "back in May"));
        refused(
                house.aliases.setComment(away, "two\nlines"),
                Outcome.Problem.INVALID,
                "a comment is one line of at most 500 characters");
        refused(
                house.aliases.setEnabled(address("anna@example.org"), false),
                Outcome.Problem.NOT_FOUND,
                "there is no alias anna@example.org");
    }

    @Test
    void aDomainHasItsOwnAddressesOrThoseOfAnother() throws IOException {
        refused(
                house.editor.addAccount(address("new@second.example"), Optional.empty()),
                Outcome.Problem.INVALID,
                "second.example has the addresses of example.org and none of its own; add it"
                        + " there");
        refused(
                house.editor.setAliasOf(domain("example.org"), Optional.of(domain("example.org"))),
                Outcome.Problem.INVALID,
                "example.org has no addresses of its own to share");
        house.addDomain("third.example");
        refused(
                house.editor.setAliasOf(
                        domain("third.example"), Optional.of(domain("second.example"))),
                Outcome.Problem.INVALID,
                "second.example has no addresses of its own to share");
        house.addAccount("zoe@third.example");
        refused(
                house.editor.setAliasOf(
                        domain("third.example"), Optional.of(domain("example.org"))),
                Outcome.Problem.IN_USE,
                "third.example has 1 accounts and 0 aliases of its own; remove those first");
        refused(
                house.editor.setAliasOf(
                        domain("example.org"), Optional.of(domain("third.example"))),
                Outcome.Problem.IN_USE,
                "example.org has 3 accounts and 11 aliases of its own; remove those first");
        house.addDomain("fourth.example");
        house.addDomain("fifth.example");
        done(
                house.editor.setAliasOf(
                        domain("fifth.example"), Optional.of(domain("fourth.example"))));
        refused(
                house.editor.removeDomain(domain("fourth.example")),
                Outcome.Problem.IN_USE,
                "fifth.example has the addresses of fourth.example; change that first: mansio"
                        + " domain alias fifth.example");
        done(house.editor.setAliasOf(domain("fifth.example"), Optional.empty()));
        done(house.editor.removeDomain(domain("fourth.example")));
    }

    @Test
    void whatAnotherNameOfTheDomainLeadsToIsNeeded() throws IOException {
        refused(
                house.aliases.remove(address("both@example.org")),
                Outcome.Problem.IN_USE,
                "the alias deep@example.org leads to both@example.org; remove it first");
    }

    @Test
    void manyAtOnceMayLeadToEachOtherInAnyOrder() throws IOException {
        List<AliasInfo> wanted =
                List.of(
                        new AliasInfo(
                                address("m1@example.org"), List.of(address("m2@second.example"))),
                        new AliasInfo(
                                address("m2@example.org"), List.of(address("m3@example.org"))),
                        new AliasInfo(address("m3@example.org"), List.of(address("x@far.example"))),
                        new AliasInfo(
                                address("l1@example.org"), List.of(address("l2@example.org"))),
                        new AliasInfo(
                                address("l2@example.org"), List.of(address("l1@example.org"))),
                        new AliasInfo(
                                address("m3@example.org"), List.of(address("y@far.example"))));
        for (AliasEditor.Mode mode : List.of(AliasEditor.Mode.DRY_RUN, AliasEditor.Mode.APPLY)) {
            assertThat(house.aliases.addAll(wanted, mode))
                    .extracting(it -> it instanceof Outcome.Done<AliasInfo>)
                    .containsExactly(true, true, true, false, false, false);
            boolean applied = mode == AliasEditor.Mode.APPLY;
            assertThat(house.route("m1@example.org"))
                    .isEqualTo(applied ? "-> x@far.example by example.org" : "bert@example.org");
        }
        house = house.reopened();
        assertThat(house.route("m1@example.org")).isEqualTo("-> x@far.example by example.org");
        assertThat(house.route("l1@example.org")).isEqualTo("bert@example.org");
    }

    @Test
    void patternsThatAreNoneAreRefused() throws IOException {
        refused(
                house.aliases.add(
                        new AliasInfo(
                                AliasInfo.parseName("/(/@example.org"),
                                List.of(address("anna@example.org")))),
                Outcome.Problem.INVALID,
                "not a regular expression that this server takes: missing closing )");
        refused(
                house.aliases.add(
                        new AliasInfo(
                                address("x-*@example.org"), List.of(address("typo@example.org")))),
                Outcome.Problem.NOT_FOUND,
                "nobody here has the address typo@example.org; add it first");
    }

    @Test
    void whateverTheAliasesAreARouteIsBounded() throws IOException {
        Random random = new Random(11);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            List<Address> targets = new ArrayList<>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                targets.add(address(target(random)));
            }
            String local = random.nextInt(4) == 0 ? "a" + i + "*" : "a" + i;
            changes.add(
                    new Change.PutAddress(
                            new AddressEntry.Alias(
                                    new Address(new LocalPart(local), domain("example.org")),
                                    targets,
                                    random.nextInt(5) > 0,
                                    "")));
        }
        house.directory.change(
                (_, sink) -> {
                    changes.forEach(sink);
                    return Outcome.done(1);
                });
        for (int i = 0; i < 60; i++) {
            Explanation why = house.directory.explain(address("a" + i + "@second.example"));
            assertThat(why.steps()).hasSizeLessThan(2_000);
            if (why.route().orElse(null) instanceof Route.Ours ours) {
                assertThat(ours.targets()).doesNotHaveDuplicates().hasSizeLessThan(5);
                assertThat(ours.forwards()).doesNotHaveDuplicates().hasSizeLessThan(30);
            }
        }
    }

    private static String target(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "anna@example.org";
            case 1 -> "f" + random.nextInt(20) + "@far.example";
            case 2 -> "a" + random.nextInt(60) + "x@second.example";
            default -> "a" + random.nextInt(60) + "@example.org";
        };
    }
}
