package mansio.state.directory;

import static mansio.state.directory.House.address;
import static mansio.state.directory.House.domain;
import static mansio.state.directory.House.done;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Passwd-files of Dovecot. */
class PasswdImportTest {
    private static final String HASH =
            "{PBKDF2}$1$nUM3KS.7jQ/2KGSJ$5000$0f3e1a63fd53b44373a33f26844d1549014c6965";

    private final House house = new House();

    @BeforeEach
    void domains() throws IOException {
        house.addDomain("example.org");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private List<String> take(String... lines) throws IOException {
        return house
                .passwdImport
                .take(List.of(lines), 1, Optional.of(domain("example.org")))
                .stream()
                .map(
                        it ->
                                it.line()
                                        + " "
                                        + it.name()
                                        + " "
                                        + (it.kept() ? "kept" : "refused")
                                        + ": "
                                        + it.note())
                .toList();
    }

    @Test
    void everyLineIsReported() throws IOException {
        house.addAccount("old@example.org");
        assertThat(
                        take(
                                "# users",
                                "anna:" + HASH,
                                "",
                                "bert@example.org:"
                                        + HASH
                                        + ":1000:1000::/home/bert:/bin/false:userdb_quota_rule=*:storage=1G",
                                "carl@example.org:"
                                        + HASH
                                        + "::::::nologin=y allow_nets=192.0.2.0/24",
                                "ANNA:" + HASH,
                                "old:" + HASH,
                                "dora@example.net:" + HASH,
                                "emil:{MD5-CRYPT}$1$abc$def",
                                "no colon here",
                                "f g:" + HASH,
                                "hugo:",
                                "ida@:" + HASH,
                                "x".repeat(5000)))
                .containsExactly(
                        "2 anna kept: ",
                        "4 bert@example.org kept: not taken over: userdb_quota_rule",
                        "5 carl@example.org kept: disabled, as it was there; not taken over:"
                                + " allow_nets",
                        "6 ANNA refused: an earlier line has the same name",
                        "7 old refused: there is an account old@example.org already",
                        "8 dora@example.net refused: example.net is not a domain of this server;"
                                + " add it first: mansio domain add example.net",
                        "9 emil refused: the scheme MD5-CRYPT is not taken over",
                        "10  refused: the line is not user:password:...",
                        "11 f g refused: the name is no mail address",
                        "12 hugo refused: there is no password",
                        "13 ida@ refused: the name is no mail address",
                        "14  refused: the line is longer than 4096 characters");
        assertThat(house.editor.accounts(Optional.empty()))
                .extracting(it -> it.address() + (it.enabled() ? "" : " disabled"))
                .containsExactly(
                        "anna@example.org",
                        "bert@example.org",
                        "carl@example.org disabled",
                        "old@example.org");
        assertThat(done(house.editor.domain(domain("example.org"))).admin())
                .contains(address("old@example.org"));
    }

    @Test
    void withoutADomainNamesNeedOne() throws IOException {
        assertThat(house.passwdImport.take(List.of("anna:" + HASH), 7, Optional.empty()))
                .containsExactly(
                        new PasswdImport.Result(
                                7,
                                "anna",
                                false,
                                "the name has no domain; say which one it belongs to with"
                                        + " --domain"));
    }

    @Test
    void theFirstLineGivesTheDomainItsAdmin() throws IOException {
        assertThat(take("anna:" + HASH, "bert:" + HASH)).hasSize(2);
        assertThat(done(house.editor.domain(domain("example.org"))).admin())
                .contains(address("anna@example.org"));
    }

    @Test
    void survivesNonsense() throws IOException {
        String[] samples = {
            "anna:" + HASH + ":1000:1000::/home/a::userdb_mail=maildir:~/m nologin",
            "\"a b\"@example.org:{PLAIN}x y:z",
            "bert@example.org:$6$rounds=1400$short$gLLFu",
            "{}:::::::::",
        };
        for (long seed : Seeds.of(300).toArray()) {
            Random random = new Random(seed);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                StringBuilder line = new StringBuilder(samples[random.nextInt(samples.length)]);
                for (int j = random.nextInt(5); j > 0; j--) {
                    line.setCharAt(
                            random.nextInt(line.length()),
                            ":{}$@\"\u00e9\ud83d \t\u0000#a".charAt(random.nextInt(13)));
                }
                lines.add(line.toString());
            }
            try {
                assertThat(house.passwdImport.take(lines, 1, Optional.of(domain("example.org"))))
                        .as("seed " + seed)
                        .hasSizeLessThanOrEqualTo(20)
                        .allMatch(it -> it.kept() || !it.note().isBlank());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
