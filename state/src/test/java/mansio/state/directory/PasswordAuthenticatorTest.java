package mansio.state.directory;

import static mansio.state.directory.House.HERE;
import static mansio.state.directory.House.PASSWORD;
import static mansio.state.directory.House.address;
import static mansio.state.directory.House.done;
import static mansio.state.directory.House.origin;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.sasl.ScramKeys;
import mansio.state.directory.Authenticator.Locked;
import mansio.state.directory.Authenticator.Refused;
import mansio.state.directory.Authenticator.Result;
import mansio.state.directory.Authenticator.Success;
import mansio.state.store.AccountId;
import mansio.state.store.MemoryDisk;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Log-ins. */
class PasswordAuthenticatorTest {
    private static final String SHA512 =
            "{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O81"
                    + "7G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1";

    private House house = new House();
    private PasswordAuthenticator authenticator = open();

    private PasswordAuthenticator open() {
        try {
            return house.authenticator();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void people() throws IOException {
        house.addDomain("example.org");
        house.addDomain("example.net");
        house.addAccount("Anna@example.org");
        house.addAccount("bert@example.org");
        house.addAccount("bert@example.net");
        house.addAlias("info@example.org", "anna@example.org");
        house.hashes.set(0);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private String login(String name, String password) throws IOException {
        return shown(authenticator.password(name, password, HERE));
    }

    private static String shown(Result result) {
        return switch (result) {
            case Success(Account account) -> account.address().toString();
            case Refused() -> "refused";
            case Locked(Duration retryAfter) -> "locked " + retryAfter.toSeconds();
        };
    }

    @Test
    void names() throws IOException {
        assertThat(login("anna@example.org", PASSWORD)).isEqualTo("Anna@example.org");
        assertThat(login("ANNA@EXAMPLE.ORG", PASSWORD)).isEqualTo("Anna@example.org");
        assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
        assertThat(login("bert", PASSWORD)).as("two domains have one").isEqualTo("refused");
        assertThat(login("info@example.org", PASSWORD)).as("an alias").isEqualTo("refused");
        assertThat(login("anna+x@example.org", PASSWORD)).as("a subaddress").isEqualTo("refused");
        assertThat(login("", PASSWORD)).isEqualTo("refused");
        assertThat(login("@", PASSWORD)).isEqualTo("refused");
        assertThat(login("x".repeat(5000), PASSWORD)).isEqualTo("refused");
        AccountId anna = done(house.editor.account(address("anna@example.org"))).id();
        assertThat(house.directory.isLoginName(anna, "ANNA")).isTrue();
        assertThat(house.directory.isLoginName(anna, "bert@example.org")).isFalse();
    }

    @Test
    void passwords() throws IOException {
        assertThat(login("anna", PASSWORD + " ")).isEqualTo("refused");
        assertThat(login("anna", "")).isEqualTo("refused");
        assertThat(login("anna", "x".repeat(100_000))).isEqualTo("refused");
        done(house.editor.setPassword(address("anna@example.org"), "p\u00e4ssw\u00f6rd!"));
        assertThat(login("anna", "pa\u0308sswo\u0308rd!"))
                .as("decomposed")
                .isEqualTo("Anna@example.org");
        assertThat(login("anna", PASSWORD)).isEqualTo("refused");
    }

    /** A log-in that fails costs the same whatever is wrong with it. */
    @Test
    void equalWorkForAllRefusals() throws IOException {
        done(house.editor.addAccount(address("nopass@example.org"), Optional.empty()));
        house.addAccount("off@example.org");
        done(house.editor.setEnabled(address("off@example.org"), false));
        List<String> names =
                List.of(
                        "anna@example.org",
                        "nobody@example.org",
                        "x@y",
                        "bert",
                        "nopass",
                        "off@example.org");
        for (String name : names) {
            house.hashes.set(0);
            assertThat(login(name, "wrong password")).as(name).isEqualTo("refused");
            assertThat(house.hashes).as(name).hasValue(1);
        }
        house.hashes.set(0);
        assertThat(login("off@example.org", PASSWORD)).isEqualTo("refused");
        assertThat(house.hashes).as("the right password of a disabled account").hasValue(1);
    }

    @Test
    void aRightPasswordIsHashedOnceInTwelveHours() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
        }
        assertThat(house.hashes).hasValue(1);
        house.time.advance(Duration.ofHours(13));
        assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
        assertThat(house.hashes).hasValue(2);
        done(house.editor.setPassword(address("anna@example.org"), "another one"));
        assertThat(login("anna", PASSWORD)).isEqualTo("refused");
        assertThat(login("anna", "another one")).isEqualTo("Anna@example.org");
        done(house.editor.setEnabled(address("anna@example.org"), false));
        assertThat(login("anna", "another one")).as("disabled").isEqualTo("refused");
    }

    @Test
    void guessingIsSlowedDownForThePairOnly() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(login("anna", "wrong " + i)).isEqualTo("refused");
        }
        house.hashes.set(0);
        assertThat(login("anna", PASSWORD)).isEqualTo("locked 1");
        assertThat(login("ANNA", PASSWORD)).as("another spelling").isEqualTo("locked 1");
        assertThat(house.hashes).as("nothing is looked at").hasValue(0);
        assertThat(login("bert@example.org", PASSWORD)).isEqualTo("bert@example.org");
        assertThat(shown(authenticator.password("anna", PASSWORD, origin("192.0.2.8"))))
                .isEqualTo("Anna@example.org");
        house.time.advance(Duration.ofSeconds(1));
        assertThat(login("anna", "wrong")).isEqualTo("refused");
        assertThat(login("anna", "wrong!")).as("twice as long").isEqualTo("locked 2");
        house.time.advance(Duration.ofSeconds(2));
        assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
        assertThat(login("anna", "wrong")).as("a success forgets").isEqualTo("refused");
        assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
    }

    @Test
    void twentyFailuresLockFor15Minutes() throws IOException {
        for (String name : List.of("anna", "nobody")) {
            List<String> answers = new ArrayList<>();
            for (int failures = 0; failures < 20; ) {
                String answer = login(name, "wrong " + failures);
                if (answer.equals("refused")) {
                    failures++;
                } else {
                    answers.add(answer);
                    house.time.advance(Duration.ofSeconds(Long.parseLong(answer.substring(7))));
                }
            }
            assertThat(answers)
                    .as(name)
                    .startsWith(
                            "locked 1",
                            "locked 2",
                            "locked 4",
                            "locked 8",
                            "locked 16",
                            "locked 30",
                            "locked 30");
            assertThat(answers).hasSize(15);
            assertThat(login(name, PASSWORD)).isEqualTo("locked 900");
            house.time.advance(Duration.ofMinutes(15));
        }
        assertThat(login("anna", PASSWORD)).isEqualTo("Anna@example.org");
    }

    @Test
    void aNetworkIsAnAddressOrA64() {
        assertThat(origin("2001:db8::1")).isEqualTo(origin("2001:db8::ffff:2"));
        assertThat(origin("2001:db8::1")).isNotEqualTo(origin("2001:db8:0:1::1"));
        assertThat(origin("192.0.2.1")).isNotEqualTo(origin("192.0.2.2"));
        assertThat(origin("::ffff:192.0.2.1")).isEqualTo(origin("192.0.2.1"));
        assertThat(origin("::1").network().isLoopbackAddress()).isTrue();
    }

    @Test
    void exemptNetworksAreNotCounted() throws IOException {
        for (int i = 0; i < 30; i++) {
            assertThat(shown(authenticator.password("anna", "wrong", origin("127.0.0.1"))))
                    .isEqualTo("refused");
            assertThat(shown(authenticator.password("anna", "wrong", origin("::1"))))
                    .isEqualTo("refused");
        }
        assertThat(shown(authenticator.password("anna", PASSWORD, origin("::1"))))
                .isEqualTo("Anna@example.org");
    }

    @Test
    void importedHashesAreReplacedAtTheFirstLogin() throws IOException {
        List<PasswdImport.Result> results =
                house.passwdImport.take(
                        List.of(
                                "carl:" + SHA512,
                                "dora:{SSHA256}cca+E4WcZj5ZfwJazPi2HDYDMc4lLtOp+XjQDzphqNyKzLU7"),
                        1,
                        Optional.of(House.domain("example.org")));
        assertThat(results).allMatch(PasswdImport.Result::kept);
        house.hashes.set(0);
        assertThat(login("carl", "wrong")).isEqualTo("refused");
        assertThat(house.hashes).as("the imported one and ours").hasValue(2);
        assertThat(login("carl", "Hello world!")).isEqualTo("carl@example.org");
        Account carl = done(house.editor.account(address("carl@example.org")));
        Credentials kept = house.directory.credentials(carl.id()).orElseThrow();
        assertThat(kept.password().orElseThrow())
                .startsWith("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$");
        assertThat(kept.scram()).isPresent();
        assertThat(carl.credentialVersion()).as("no session ends by that").isEqualTo(1);
        house = house.reopened();
        authenticator = house.authenticator();
        assertThat(login("carl", "Hello world!")).isEqualTo("carl@example.org");
        assertThat(house.hashes).as("no more than any other").hasValue(1);
        assertThat(login("dora", "password")).isEqualTo("dora@example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{SHA512-CRYPT}$6$0amiv6qFZMBwCVhn"
                    + "$lWeDsuInykacyUx1NAu/pjaoSF4ApQq3XyrFeQdvU1UFKohaknBxMMnMsJNb67BgXBbC7/iosPK9WMMOU2ybt0",
                "{SHA256-CRYPT}$5$rounds=2000$87BMQOlRZZ0utRFY$cxzSSSlc46F99dG24IoTSbr3I.yCQxpGtOt7QLb9Uj8",
                "{BLF-CRYPT}$2y$05$utW7oaS5OjbQ5ribHyaCrOY./cwYYr1eTlDFazAhKh.uIPKvf/LIu",
                "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$uifrWat1gC6P3MVQMWu9KA"
                        + "$TtDaRCLQX/OBtVsdKIe73FVauj7+tBEn4m92uWS7Vkw",
                "{PBKDF2}$1$nUM3KS.7jQ/2KGSJ$5000$0f3e1a63fd53b44373a33f26844d1549014c6965",
                "{SSHA256}cca+E4WcZj5ZfwJazPi2HDYDMc4lLtOp+XjQDzphqNyKzLU7",
                "{SSHA512}SydfDYMs0TMEo7rDNzV+jkcBOKBM1KMC+1/IihMPjLQzSzPBIcM40CMwnYbBAxhLrMc52Dn2U2uxO4PHeJX0x9sLQqE=",
                "{PLAIN}password"
            })
    void everySchemeIsReplacedAtTheFirstLogin(String stored) throws IOException {
        List<PasswdImport.Result> results =
                house.passwdImport.take(
                        List.of("carl:" + stored), 1, Optional.of(House.domain("example.org")));
        assertThat(results).allMatch(PasswdImport.Result::kept);
        Account carl = done(house.editor.account(address("carl@example.org")));
        assertThat(login("carl", "wrong")).isEqualTo("refused");
        assertThat(house.directory.credentials(carl.id()).orElseThrow().scram()).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(login("carl", "password")).isEqualTo("carl@example.org");
            Credentials kept = house.directory.credentials(carl.id()).orElseThrow();
            assertThat(kept.password().orElseThrow())
                    .startsWith("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$");
            assertThat(kept.scram()).isPresent();
            house = house.reopened();
            authenticator = house.authenticator();
        }
        assertThat(login("carl", "wrong")).isEqualTo("refused");
    }

    @Test
    void aBenchMayKeepCheapHashes() throws IOException {
        try (House bench =
                new House(
                        new MemoryDisk(),
                        new PasswordSettings(
                                8,
                                PasswordSettings.ScramOffer.NEVER,
                                4096,
                                PasswordSettings.Imported.KEEP))) {
            bench.addDomain("example.org");
            assertThat(
                            bench.passwdImport.take(
                                    List.of("u1@example.org:{PLAIN}secret"), 1, Optional.empty()))
                    .allMatch(PasswdImport.Result::kept);
            Authenticator keeping = bench.authenticator();
            assertThat(shown(keeping.password("u1", "secret", HERE))).isEqualTo("u1@example.org");
            assertThat(bench.hashes).hasValue(1);
            Account user = done(bench.editor.account(address("u1@example.org")));
            assertThat(
                            bench.directory
                                    .credentials(user.id())
                                    .orElseThrow()
                                    .password()
                                    .orElseThrow())
                    .startsWith("{SSHA512}");
        }
    }

    @Test
    void scramProofsAreCheckedAgainstStoredKeys() throws IOException {
        Account anna = done(house.editor.account(address("anna@example.org")));
        Authenticator.ScramAttempt attempt = authenticator.scram(HERE);
        ScramKeys keys = attempt.of("anna");
        ScramKeys expected =
                ScramKeys.derive(PASSWORD, keys.salt(), keys.iterations()).orElseThrow();
        assertThat(keys.storedKey()).isEqualTo(expected.storedKey());
        assertThat(attempt.succeeded()).isEqualTo(new Success(anna));
        for (int i = 0; i < 20; i++) {
            assertThat(authenticator.scram(HERE)).isNotNull();
            Authenticator.ScramAttempt wrong = authenticator.scram(HERE);
            assertThat(wrong.of("anna").salt()).isEqualTo(keys.salt());
            assertThat(wrong.failed()).isInstanceOfAny(Refused.class, Locked.class);
        }
        Authenticator.ScramAttempt late = authenticator.scram(HERE);
        assertThat(late.of("anna").salt()).isEqualTo(keys.salt());
        assertThat(late.succeeded()).as("too many failures meanwhile").isInstanceOf(Locked.class);
    }

    @Test
    void unknownNamesGetStableKeysThatMatchNothing() throws IOException {
        ScramKeys first = authenticator.scram(HERE).of("nobody");
        assertThat(authenticator.scram(HERE).of("NOBODY").salt()).isEqualTo(first.salt());
        assertThat(authenticator.scram(HERE).of("nobody2").salt()).isNotEqualTo(first.salt());
        assertThat(first.iterations()).isEqualTo(authenticator.scram(HERE).of("anna").iterations());
        assertThat(first.salt()).hasSameSizeAs(authenticator.scram(HERE).of("anna").salt());
        house = house.reopened();
        authenticator = house.authenticator();
        Authenticator.ScramAttempt attempt = authenticator.scram(HERE);
        assertThat(attempt.of("nobody").salt()).as("after a restart").isEqualTo(first.salt());
        assertThat(attempt.succeeded()).isEqualTo(new Refused());
    }

    @Test
    void scramIsOfferedWhenItWorksForEverybody() throws IOException {
        assertThat(authenticator.offersScram()).isTrue();
        house.passwdImport.take(List.of("carl@example.org:" + SHA512), 1, Optional.empty());
        assertThat(authenticator.offersScram()).isFalse();
        done(house.editor.setEnabled(address("carl@example.org"), false));
        assertThat(authenticator.offersScram()).as("a disabled one does not count").isTrue();
        done(house.editor.setEnabled(address("carl@example.org"), true));
        assertThat(authenticator.offersScram()).isFalse();
        assertThat(login("carl", "Hello world!")).isEqualTo("carl@example.org");
        assertThat(authenticator.offersScram()).as("keys came with the log-in").isTrue();
        house = house.reopened();
        assertThat(house.authenticator().offersScram()).isTrue();
        try (House never =
                        new House(
                                new MemoryDisk(),
                                House.settings(PasswordSettings.ScramOffer.NEVER));
                House always =
                        new House(
                                new MemoryDisk(),
                                House.settings(PasswordSettings.ScramOffer.ALWAYS))) {
            assertThat(never.authenticator().offersScram()).isFalse();
            assertThat(always.authenticator().offersScram()).isTrue();
        }
    }

    @Test
    void changedCredentialsAreTold() throws IOException {
        List<String> told = new ArrayList<>();
        Account anna = done(house.editor.account(address("anna@example.org")));
        Authenticator.Registration registration =
                authenticator.onCredentialChange(
                        (account, version) -> told.add(account.equals(anna.id()) + " " + version));
        done(house.editor.setQuota(address("anna@example.org"), OptionalLong.of(1)));
        assertThat(told).isEmpty();
        done(house.editor.setPassword(address("anna@example.org"), "another one"));
        assertThat(told).containsExactly("true 2");
        done(house.editor.setEnabled(address("anna@example.org"), false));
        assertThat(told).containsExactly("true 2", "true 3");
        done(house.editor.setEnabled(address("anna@example.org"), true));
        assertThat(login("anna", "another one")).isEqualTo("Anna@example.org");
        Result result = authenticator.password("anna", "another one", HERE);
        assertThat(((Success) result).account().credentialVersion())
                .as("a new session is not ended by an old change")
                .isEqualTo(4);
        done(house.editor.setAdmin(House.domain("example.org"), address("bert@example.org")));
        done(house.aliases.remove(address("info@example.org")));
        done(house.editor.removeAccount(address("anna@example.org")));
        assertThat(told).last().isEqualTo("true " + Long.MAX_VALUE);
        registration.close();
        done(house.editor.setPassword(address("bert@example.org"), "another one"));
        assertThat(told).hasSize(4);
    }
}
