package mansio.state.directory;

import static mansio.state.directory.House.address;
import static mansio.state.directory.House.domain;
import static mansio.state.directory.House.done;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;
import mansio.codec.text.LocalPart;
import mansio.state.store.AccountId;
import mansio.state.store.PartitionId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where mail goes. */
class RouteTest {
    private House house = new House();

    @BeforeEach
    void people() throws IOException {
        house.addDomain("example.org");
        house.addDomain("plain.example");
        house.addAccount("root@example.org");
        house.addAccount("Anna@example.org");
        house.addAccount("bert@example.org");
        house.addAccount("anna-maria@example.org");
        house.addAccount("J\u00fcrgen@example.org");
        house.addAccount("\"a b\"@example.org");
        house.addAccount("zoe@plain.example");
        done(house.editor.setSeparators(domain("example.org"), "+-"));
        done(house.editor.setSeparators(domain("plain.example"), ""));
        done(
                house.editor.setCatchAll(
                        domain("plain.example"), Optional.of(address("bert@example.org"))));
        house.addAlias("team@example.org", "anna@example.org", "BERT+team@example.org");
        house.addAlias(
                "all@example.org", "team@example.org", "zoe@plain.example", "anna@example.org");
        house.addAlias("boss@plain.example", "anna+boss@example.org");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({
        "anna@example.org, Anna@example.org",
        "ANNA@EXAMPLE.ORG, Anna@example.org",
        "\"anna\"@example.org, Anna@example.org",
        "anna+News@example.org, Anna@example.org/News",
        "anna-news@example.org, Anna@example.org/news",
        "anna-maria@example.org, anna-maria@example.org",
        "anna-maria-x@example.org, anna-maria@example.org/x",
        "anna-marias@example.org, Anna@example.org/marias",
        "anna+a+b@example.org, Anna@example.org/a+b",
        "anna+@example.org, Anna@example.org",
        "+anna@example.org, nobody",
        "j\u00fcrgen@example.org, J\u00fcrgen@example.org",
        "JU\u0308RGEN@example.org, J\u00fcrgen@example.org",
        "\"A B\"@example.org, \"a b\"@example.org",
        "annab@example.org, nobody",
        "\"\"@example.org, nobody",
        "anna@sub.example.org, remote",
        "anna@[192.0.2.1], remote",
        "team@example.org, Anna@example.org bert@example.org/team",
        "team+x@example.org, Anna@example.org/x bert@example.org/team",
        "all@example.org, Anna@example.org bert@example.org/team zoe@plain.example",
        "boss@plain.example, Anna@example.org/boss",
        "boss+x@plain.example, bert@example.org",
        "whoever@plain.example, bert@example.org",
        "zoe+x@plain.example, bert@example.org",
        "postmaster@example.org, root@example.org",
        "PostMaster+x@example.org, root@example.org/x",
        "abuse@example.org, root@example.org",
        "abuse@plain.example, zoe@plain.example",
        "postmaster@elsewhere.example, remote",
    })
    void goesTo(String forwardPath, String expected) throws IOException {
        assertThat(house.route(forwardPath)).isEqualTo(expected);
        assertThat(house.directory.explain(address(forwardPath)).steps()).isNotEmpty();
        house = house.reopened();
        assertThat(house.route(forwardPath)).as("after a restart").isEqualTo(expected);
    }

    @Test
    void tellsBothAddresses() throws IOException {
        Route.Ours route = (Route.Ours) house.directory.route(address("TEAM+x@example.org"));
        assertThat(route.targets())
                .extracting(it -> it.addressedTo().toString())
                .containsOnly("TEAM+x@example.org");
        assertThat(route.targets())
                .extracting(it -> it.finalAddress().toString())
                .containsExactly("Anna@example.org", "bert@example.org");
    }

    @Test
    void aLocalPartLongerThanAnyOfOursIsNobody() throws IOException {
        Address longOne = new Address(new LocalPart("x".repeat(65)), domain("example.org"));
        assertThat(house.directory.route(longOne)).isEqualTo(new Route.NoSuchUser());
        Address detailed =
                new Address(new LocalPart("anna+" + "-".repeat(250)), domain("example.org"));
        assertThat(house.shown(house.directory.route(detailed)))
                .isEqualTo("Anna@example.org/" + "-".repeat(250));
    }

    @Test
    void aliasOfTheRoleComesFirstAndItsLoopFallsBackToTheAdmin() throws IOException {
        house.addAlias("postmaster@example.org", "bert@example.org");
        assertThat(house.route("postmaster@example.org")).isEqualTo("bert@example.org");
        // The editor lets no loop in; the look-up cuts it all the same.
        write(
                alias("abuse@example.org", "desk@example.org"),
                alias("desk@example.org", "abuse@example.org"));
        assertThat(house.route("abuse@example.org")).isEqualTo("root@example.org");
        assertThat(house.route("desk@example.org")).isEqualTo("root@example.org");
    }

    @Test
    void aLoopThatLeadsNowhereIsNotANo() throws IOException {
        write(alias("a@example.org", "b@example.org"), alias("b@example.org", "a@example.org"));
        assertThatThrownBy(() -> house.route("a@example.org"))
                .isInstanceOf(IOException.class)
                .hasMessage("the alias a@example.org leads to nobody");
        assertThat(house.directory.explain(address("a@example.org")).trouble())
                .isEqualTo("the alias a@example.org leads to nobody");
    }

    @Test
    void expansionIsBounded() throws IOException {
        int count = Router.MAX_ALIASES + 1;
        Change[] wide = new Change[count + 3];
        List<Address> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(address("w" + i + "@example.org"));
            wide[i] = alias("w" + i + "@example.org", "anna@example.org");
        }
        int half = count / 2;
        wide[count] =
                new Change.PutAddress(
                        new AddressEntry.Alias(
                                address("h1@example.org"), all.subList(0, half), true, ""));
        wide[count + 1] =
                new Change.PutAddress(
                        new AddressEntry.Alias(
                                address("h2@example.org"), all.subList(half, count), true, ""));
        wide[count + 2] =
                new Change.PutAddress(
                        new AddressEntry.Alias(
                                address("wide@example.org"),
                                List.of(address("h1@example.org"), address("h2@example.org")),
                                true,
                                ""));
        write(wide);
        assertThat(house.route("h1@example.org")).isEqualTo("Anna@example.org");
        assertThatThrownBy(() -> house.route("wide@example.org"))
                .isInstanceOf(IOException.class)
                .hasMessage("wide@example.org leads through more than 1000 aliases");
    }

    @Test
    void aliasesInARowAreBounded() throws IOException {
        house.addAlias("c1@example.org", "anna@example.org");
        for (int i = 2; i <= Router.MAX_DEPTH; i++) {
            house.addAlias("c" + i + "@example.org", "c" + (i - 1) + "@example.org");
        }
        assertThat(house.route("c20@example.org")).isEqualTo("Anna@example.org");
        House.refused(
                house.aliases.add(
                        new AliasInfo(
                                address("c21@example.org"), List.of(address("c20@example.org")))),
                Outcome.Problem.INVALID,
                "c20@example.org leads through more than 20 aliases in a row");
        write(alias("c21@example.org", "c20@example.org"));
        assertThatThrownBy(() -> house.route("c21@example.org"))
                .isInstanceOf(IOException.class)
                .hasMessage("c21@example.org leads through more than 20 aliases in a row");
    }

    @Test
    void postmasterWithoutADomainIsTheServersPostmaster() throws IOException {
        assertThat(house.shown(house.directory.routePostmaster(address("postmaster@mx.example"))))
                .isEqualTo("root@example.org");
    }

    @Test
    void withoutAnAccountPostmasterIsNotRefused() throws IOException {
        try (House empty = new House()) {
            empty.addDomain("new.example");
            assertThatThrownBy(() -> empty.route("postmaster@new.example"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> empty.directory.postmaster(domain("new.example")))
                    .isInstanceOf(IOException.class);
            assertThat(empty.route("anna@new.example")).isEqualTo("nobody");
            // The account of another domain helps out.
            empty.addDomain("old.example");
            empty.addAccount("root@old.example");
            assertThat(empty.route("postmaster@new.example")).isEqualTo("root@old.example");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "anna@example.org, anna@example.org, true",
        "anna@example.org, ANNA+x@example.org, true",
        "anna@example.org, team@example.org, true",
        "anna@example.org, bert@example.org, false",
        "anna@example.org, boss@plain.example, true",
        "bert@example.org, whoever@plain.example, false",
        "root@example.org, postmaster@example.org, true",
        "anna@example.org, postmaster@example.org, false",
        "anna@example.org, anna@elsewhere.example, false",
        "anna@example.org, anna@[192.0.2.1], false",
    })
    void owns(String account, String address, boolean owns) throws IOException {
        AccountId id = done(house.editor.account(address(account))).id();
        assertThat(house.directory.owns(id, address(address))).isEqualTo(owns);
    }

    @Test
    void changesAreInEffectAtOnce() throws IOException {
        house.addAccount("new@example.org");
        assertThat(house.route("new@example.org")).isEqualTo("new@example.org");
        done(house.editor.removeAccount(address("new@example.org")));
        assertThat(house.route("new@example.org")).isEqualTo("nobody");
    }

    private static Change alias(String address, String target) {
        return new Change.PutAddress(
                new AddressEntry.Alias(address(address), List.of(address(target)), true, ""));
    }

    /** Puts entries into the partition past all checks. */
    private void write(Change... changes) throws IOException {
        house.store
                .partition(PartitionId.DIRECTORY)
                .write(
                        turn -> {
                            for (Change change : changes) {
                                change.write(turn);
                            }
                            return changes.length;
                        });
        house = house.reopened();
    }
}
