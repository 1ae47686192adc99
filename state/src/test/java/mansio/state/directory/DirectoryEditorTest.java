package mansio.state.directory;

import static mansio.state.directory.House.address;
import static mansio.state.directory.House.domain;
import static mansio.state.directory.House.done;
import static mansio.state.directory.House.refused;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Changes, and what stands against them. */
class DirectoryEditorTest {
    private House house = new House();

    @BeforeEach
    void one() throws IOException {
        house.addDomain("example.org");
        house.addAccount("anna@example.org");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void domains() throws IOException {
        refused(
                house.editor.addDomain(domain("EXAMPLE.org")),
                Outcome.Problem.EXISTS,
                "the domain example.org is here already");
        refused(
                house.editor.removeDomain(domain("example.org")),
                Outcome.Problem.IN_USE,
                "example.org still has 1 accounts and 0 aliases; remove those first");
        refused(
                house.editor.removeDomain(domain("example.net")),
                Outcome.Problem.NOT_FOUND,
                "example.net is not a domain of this server; add it first: mansio domain add"
                        + " example.net");
        house.addDomain("b\u00fccher.example");
        assertThat(house.editor.domains())
                .extracting(it -> it.domain().text())
                .containsExactly("example.org", "xn--bcher-kva.example");
        done(house.editor.removeDomain(domain("xn--bcher-kva.example")));
        assertThat(house.editor.domains()).hasSize(1);
        DomainInfo info = done(house.editor.domain(domain("example.org")));
        assertThat(info)
                .isEqualTo(
                        new DomainInfo(
                                domain("example.org"),
                                Optional.of(address("anna@example.org")),
                                "+",
                                Optional.empty(),
                                Optional.empty(),
                                1,
                                0));
    }

    @Test
    void accounts() throws IOException {
        refused(
                house.editor.addAccount(address("Anna@example.org"), Optional.of(House.PASSWORD)),
                Outcome.Problem.EXISTS,
                "there is an account anna@example.org already");
        refused(
                house.editor.addAccount(address("anna@example.net"), Optional.of(House.PASSWORD)),
                Outcome.Problem.NOT_FOUND,
                "example.net is not a domain of this server; add it first: mansio domain add"
                        + " example.net");
        refused(
                house.editor.addAccount(address("anna@[192.0.2.1]"), Optional.of(House.PASSWORD)),
                Outcome.Problem.INVALID,
                "anna@[192.0.2.1] has no domain name behind the @");
        refused(
                house.editor.addAccount(address("x".repeat(65) + "@example.org"), Optional.empty()),
                Outcome.Problem.INVALID,
                "the part before the @ must have 1 to 64 octets");
        refused(
                house.editor.addAccount(address("bert@example.org"), Optional.of("short")),
                Outcome.Problem.INVALID,
                "the password is shorter than 8 characters");
        refused(
                house.editor.addAccount(
                        address("bert@example.org"), Optional.of("with\u0007bell in it")),
                Outcome.Problem.INVALID,
                "the password is empty, longer than 1024 octets, or has characters that cannot be"
                        + " typed");
        assertThat(house.editor.accounts(Optional.empty())).hasSize(1);
        Account changed =
                done(house.editor.setQuota(address("ANNA@example.org"), OptionalLong.of(1 << 30)));
        assertThat(changed.quotaBytes()).hasValue(1 << 30);
        assertThat(changed.credentialVersion()).isEqualTo(1);
        house = house.reopened();
        assertThat(house.editor.accounts(Optional.of(domain("example.org"))))
                .containsExactly(changed);
        assertThat(house.editor.accounts(Optional.of(domain("example.net")))).isEmpty();
        refused(
                house.editor.setQuota(address("nobody@example.org"), OptionalLong.empty()),
                Outcome.Problem.NOT_FOUND,
                "there is no account nobody@example.org");
    }

    @Test
    void anAccountThatIsNeededStays() throws IOException {
        house.addAccount("bert@example.org");
        refused(
                house.editor.removeAccount(address("anna@example.org")),
                Outcome.Problem.IN_USE,
                "anna@example.org gets the mail for postmaster@example.org; say first who gets it"
                        + " then: mansio domain admin example.org ADDRESS");
        done(house.editor.setAdmin(domain("example.org"), address("bert@example.org")));
        house.addAlias("info@example.org", "anna+info@example.org");
        refused(
                house.editor.removeAccount(address("anna@example.org")),
                Outcome.Problem.IN_USE,
                "the alias info@example.org leads to anna@example.org; remove it first");
        done(house.aliases.remove(address("info@example.org")));
        done(
                house.editor.setCatchAll(
                        domain("example.org"), Optional.of(address("anna@example.org"))));
        refused(
                house.editor.removeAccount(address("anna@example.org")),
                Outcome.Problem.IN_USE,
                "anna@example.org is the catch-all of example.org; change that first");
        done(house.editor.setCatchAll(domain("example.org"), Optional.empty()));
        done(house.editor.removeAccount(address("anna@example.org")));
        done(house.editor.removeAccount(address("bert@example.org")));
        assertThat(done(house.editor.domain(domain("example.org"))).admin()).isEmpty();
        house.addAccount("carl@example.org");
        assertThat(done(house.editor.domain(domain("example.org"))).admin())
                .contains(address("carl@example.org"));
    }

    @Test
    void aliases() throws IOException {
        refused(
                house.aliases.add(
                        new AliasInfo(
                                address("info@example.org"), List.of(address("x@[192.0.2.1]")))),
                Outcome.Problem.INVALID,
                "x@[192.0.2.1] has no domain name behind the @");
        refused(
                house.aliases.add(
                        new AliasInfo(
                                address("info@example.org"), List.of(address("typo@example.org")))),
                Outcome.Problem.NOT_FOUND,
                "nobody here has the address typo@example.org; add it first");
        refused(
                house.aliases.add(new AliasInfo(address("info@example.org"), List.of())),
                Outcome.Problem.INVALID,
                "an alias leads to 1 to 500 addresses");
        house.addAlias("info@example.org", "anna@example.org");
        house.addAlias("hello@example.org", "info@example.org");
        refused(
                house.aliases.add(
                        new AliasInfo(
                                address("INFO@example.org"), List.of(address("anna@example.org")))),
                Outcome.Problem.EXISTS,
                "there is an alias info@example.org already; remove it first: mansio alias remove"
                        + " info@example.org");
        refused(
                house.aliases.remove(address("info@example.org")),
                Outcome.Problem.IN_USE,
                "the alias hello@example.org leads to info@example.org; remove it first");
        refused(
                house.aliases.remove(address("anna@example.org")),
                Outcome.Problem.NOT_FOUND,
                "there is no alias anna@example.org");
        assertThat(house.aliases.list(Optional.empty()))
                .containsExactly(
                        new AliasInfo(
                                address("hello@example.org"), List.of(address("info@example.org"))),
                        new AliasInfo(
                                address("info@example.org"), List.of(address("anna@example.org"))));
    }

    @Test
    void separators() throws IOException {
        for (String bad : List.of("a", "1", ".", "\"", "@", "+ -", "+-_=#!$%&")) {
            assertThat(house.editor.setSeparators(domain("example.org"), bad))
                    .as(bad)
                    .isInstanceOf(Outcome.Refused.class);
        }
        house.addAlias("news@example.org", "anna+news@example.org");
        refused(
                house.editor.setSeparators(domain("example.org"), "-"),
                Outcome.Problem.IN_USE,
                "an alias or a catch-all leads to anna+news@example.org; change that first");
        done(house.editor.setSeparators(domain("example.org"), "-+"));
        assertThat(house.route("anna-x@example.org")).isEqualTo("anna@example.org/x");
    }

    @Test
    void aFailedWriteChangesNothingInMemory() throws IOException {
        house.disk.failWrites();
        try {
            assertThat(house.editor.addDomain(domain("example.net"))).isNull();
        } catch (IOException | Error e) {
            assertThat(house.directory.isLocal(domain("example.net"))).isFalse();
        }
    }

    /** After any changes, in any order: names are unique, targets exist, postmaster is reached. */
    @Test
    void whatAlwaysHolds() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            try (House random1 = new House()) {
                random1.addDomain("d0.example");
                random1.addDomain("d1.example");
                random1.addAccount("first@d0.example");
                for (int step = 0; step < 150; step++) {
                    change(random1, random);
                    check(random1, "seed " + seed + " step " + step);
                }
            }
        }
    }

    private static void change(House house, Random random) throws IOException {
        Address some = some(random);
        Outcome<?> outcome =
                switch (random.nextInt(7)) {
                    case 0, 1 -> house.editor.addAccount(some, Optional.empty());
                    case 2 -> house.editor.removeAccount(some);
                    case 3 -> {
                        List<Address> targets = new ArrayList<>(List.of(some(random)));
                        targets.add(some(random));
                        yield house.aliases.add(new AliasInfo(some, targets));
                    }
                    case 4 -> house.aliases.remove(some);
                    case 5 ->
                            house.editor.setSeparators(
                                    domain("d0.example"), random.nextBoolean() ? "+" : "");
                    default ->
                            house.editor.setCatchAll(
                                    domain("d1.example"),
                                    random.nextBoolean()
                                            ? Optional.of(some(random))
                                            : Optional.empty());
                };
        assertThat(outcome).isNotNull();
    }

    private static Address some(Random random) {
        String name = List.of("a", "b", "c", "d", "postmaster", "first").get(random.nextInt(6));
        return address(
                name
                        + (random.nextInt(4) == 0 ? "+x" : "")
                        + "@d"
                        + random.nextInt(2)
                        + ".example");
    }

    private static void check(House house, String when) throws IOException {
        for (AliasInfo alias : house.aliases.list(Optional.empty())) {
            assertThat(house.directory.route(alias.address()))
                    .as(when)
                    .isInstanceOf(Route.Ours.class);
        }
        if (!house.editor.accounts(Optional.empty()).isEmpty()) {
            for (DomainInfo info : house.editor.domains()) {
                Address postmaster = Address.of("postmaster", info.domain());
                assertThat(house.directory.route(postmaster))
                        .as(when)
                        .isInstanceOf(Route.Ours.class);
                Address abuse = Address.of("abuse", info.domain());
                assertThat(house.directory.route(abuse)).as(when).isInstanceOf(Route.Ours.class);
            }
        }
    }
}
