package mansio.state.directory;

import static mansio.state.directory.House.HERE;
import static mansio.state.directory.House.PASSWORD;
import static mansio.state.directory.House.address;
import static mansio.state.directory.House.done;
import static mansio.state.directory.House.origin;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.directory.Authenticator.Locked;
import mansio.state.directory.Authenticator.Refused;
import mansio.state.directory.Authenticator.Result;
import mansio.state.directory.Authenticator.Success;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Guessing is slowed down, and who does not guess is not. */
class LockOutTest {
    private static final NetworkOrigin ELSEWHERE = origin("192.0.2.8");
    private static final Duration QUARTER_HOUR = Duration.ofMinutes(15);

    private final House house = new House();
    private Authenticator authenticator;
    private LockOut lockOut;

    @BeforeEach
    void people() throws IOException {
        authenticator = house.authenticator();
        lockOut = new LockOut(house.time);
        house.addDomain("example.org");
        house.addAccount("anna@example.org");
        house.addAccount("bert@example.org");
        house.hashes.set(0);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private String login(String name, String password, NetworkOrigin origin) throws IOException {
        Result result = authenticator.password(name, password, origin);
        return switch (result) {
            case Success(Account account) -> account.address().toString();
            case Refused() -> "refused";
            case Locked(Duration retryAfter) -> "locked " + retryAfter.toSeconds();
        };
    }

    private String login(String name, String password) throws IOException {
        return login(name, password, HERE);
    }

    private static LockOut.Pair pair(NetworkOrigin origin, String name) {
        return new LockOut.Pair(origin, name);
    }

    private void fail(LockOut.Pair pair) {
        lockOut.failed(pair, OptionalLong.empty());
    }

    /** Locks a pair of anna's by different wrong passwords. */
    private void lockAnna() throws IOException {
        for (int i = 0; i < LockOut.LOCKED_FROM; i++) {
            assertThat(login("anna", "wrong " + i)).isEqualTo("refused");
            house.time.advance(Duration.ofSeconds(i < LockOut.DELAYED_FROM - 1 ? 0 : 30));
        }
    }

    @Test
    void onePasswordOnManyNamesIsSlowedDown() throws IOException {
        for (int i = 0; i < LockOut.NETWORK_DELAYED_FROM; i++) {
            assertThat(login("name" + i, "Summer2026")).as("name " + i).isEqualTo("refused");
        }
        house.hashes.set(0);
        assertThat(login("other", "Summer2026")).isEqualTo("locked 1");
        assertThat(login("anna", PASSWORD)).as("any name").isEqualTo("locked 1");
        assertThat(house.hashes).as("nothing is looked at").hasValue(0);
        assertThat(login("anna", PASSWORD, ELSEWHERE)).isEqualTo("anna@example.org");
        house.time.advance(Duration.ofSeconds(1));
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        assertThat(login("other", "Summer2026")).as("a success wipes nothing").isEqualTo("refused");
        assertThat(login("other2", "Summer2026")).isEqualTo("locked 1");
    }

    @Test
    void aSprayingNetworkIsLockedAfter200Failures() {
        int failures = 0;
        long waited = 0;
        while (failures < LockOut.NETWORK_LOCKED_FROM) {
            LockOut.Pair next = pair(HERE, "name" + failures);
            long wait = lockOut.mustWait(next).orElse(Duration.ZERO).toSeconds();
            assertThat(wait)
                    .isEqualTo(failures < 50 ? 0 : failures < 100 ? 1 : failures < 150 ? 2 : 3);
            house.time.advance(Duration.ofSeconds(wait));
            waited += wait;
            fail(next);
            failures++;
        }
        assertThat(waited).as("the window is longer").isLessThan(600);
        assertThat(lockOut.mustWait(pair(HERE, "last"))).contains(QUARTER_HOUR);
        assertThat(lockOut.mustWait(pair(ELSEWHERE, "last"))).isEmpty();
        house.time.advance(QUARTER_HOUR);
        assertThat(lockOut.mustWait(pair(HERE, "last"))).isEmpty();
    }

    @Test
    void exemptNetworksMayTryManyNames() throws IOException {
        for (int i = 0; i < LockOut.NETWORK_LOCKED_FROM + 10; i++) {
            assertThat(login("name" + i, "wrong", origin("127.0.0.1"))).isEqualTo("refused");
        }
        assertThat(login("anna", PASSWORD, origin("127.0.0.1"))).isEqualTo("anna@example.org");
    }

    @Test
    void inventedNamesDoNotFlushALock() {
        LockOut.Pair locked = pair(HERE, "anna");
        for (int i = 0; i < LockOut.LOCKED_FROM; i++) {
            fail(locked);
        }
        LockOut.Pair oldest = pair(origin("10.0.0.0"), "oldest");
        for (int i = 0; i < LockOut.DELAYED_FROM - 1; i++) {
            fail(oldest);
        }
        for (int i = 0; i < LockOut.MAX_PAIRS - 2; i++) {
            fail(pair(origin("10.1." + i / 250 + "." + i % 250), "n" + i));
        }
        fail(oldest);
        assertThat(lockOut.mustWait(oldest)).as("still known").contains(Duration.ofSeconds(1));
        house.time.advance(Duration.ofSeconds(1));
        for (int i = 0; i < LockOut.MAX_PAIRS; i++) {
            fail(pair(origin("10.2." + i / 250 + "." + i % 250), "m" + i));
        }
        assertThat(lockOut.mustWait(locked)).contains(QUARTER_HOUR.minusSeconds(1));
        fail(oldest);
        assertThat(lockOut.mustWait(oldest)).as("forgotten").isEmpty();
    }

    @Test
    void theTableIsBoundedThoughAllWait() {
        FailureTable<Integer> table =
                new FailureTable<>(
                        house.time, 3, new FailureTable.Rules(1, 2, _ -> Duration.ofMinutes(1), 1));
        for (int key : new int[] {1, 1, 2, 3, 4}) {
            table.failed(key);
            house.time.advance(Duration.ofSeconds(1));
        }
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.waitNanos(1)).as("locked for longest").isPositive();
        assertThat(table.waitNanos(2)).as("soonest free").isNotPositive();
        assertThat(table.waitNanos(3)).isPositive();
        assertThat(table.waitNanos(4)).isPositive();
    }

    /** A telephone in a drawer does not lock out the rest of the house. */
    @Test
    void theSameWrongPasswordCountsOnce() throws IOException {
        for (int i = 0; i < 100; i++) {
            assertThat(login("anna", "the old one")).isEqualTo("refused");
            assertThat(login("nobody", "the old one")).isEqualTo("refused");
        }
        assertThat(house.hashes).as("and is not computed again").hasValue(2);
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        done(house.editor.setPassword(address("bert@example.org"), "a new one"));
        assertThat(login("bert", PASSWORD)).isEqualTo("refused");
        done(house.editor.setPassword(address("bert@example.org"), PASSWORD));
        assertThat(login("bert", PASSWORD)).as("right again").isEqualTo("bert@example.org");
    }

    @Test
    void theQuickAnswerDoesNotTellThatTwoNamesAreOneAccount() throws IOException {
        assertThat(login("anna", "wrong")).isEqualTo("refused");
        assertThat(login("anna@example.org", "wrong")).isEqualTo("refused");
        assertThat(login("nobody", "wrong")).isEqualTo("refused");
        assertThat(login("nobody@example.org", "wrong")).isEqualTo("refused");
        assertThat(house.hashes).hasValue(4);
    }

    /** Else a lock that moved from one name to the other would tell that there is an account. */
    @Test
    void theLockDoesNotTellThatTwoNamesAreOneAccount() throws IOException {
        for (boolean several : new boolean[] {false, true}) {
            if (several) house.addDomain("example.net");
            house.time.advance(QUARTER_HOUR);
            for (String name : List.of("anna", "nobody")) {
                for (int i = 0; i < LockOut.DELAYED_FROM; i++) {
                    assertThat(login(name, "wrong " + i + several)).isEqualTo("refused");
                }
                assertThat(login(name.toUpperCase(Locale.ROOT), "x")).isEqualTo("locked 1");
                assertThat(login(name + "@EXAMPLE.org", "x"))
                        .as(name)
                        .isEqualTo(several ? "refused" : "locked 1");
                house.time.advance(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void onlyTheLastWrongPasswordsAreTold() {
        for (long mark = 0; mark < 9; mark++) {
            lockOut.failed(pair(HERE, "anna"), OptionalLong.of(mark));
        }
        assertThat(lockOut.isKnownWrong(pair(HERE, "anna"), 0)).isFalse();
        assertThat(lockOut.isKnownWrong(pair(HERE, "anna"), 1)).isTrue();
        assertThat(lockOut.isKnownWrong(pair(ELSEWHERE, "anna"), 1)).isFalse();
    }

    @Test
    void whoIsKnownToBeRightIsLetThroughALock() throws IOException {
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        lockAnna();
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        assertThat(login("anna", "wrong 19")).as("the lock stays").startsWith("locked");
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        done(house.editor.setEnabled(address("anna@example.org"), false));
        assertThat(login("anna", PASSWORD)).as("disabled").startsWith("locked");
    }

    /** Else who is logged in could be guessed as fast as memory is read. */
    @Test
    void letThroughIsNoWayToGuessOn() throws IOException {
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        lockAnna();
        for (int i = 0; i < LockOut.LOOKS; i++) {
            assertThat(login("anna", "guess " + i)).startsWith("locked");
        }
        assertThat(login("anna", PASSWORD)).as("too many guesses").startsWith("locked");
        house.time.advance(QUARTER_HOUR);
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
    }

    /** Not remembered is not wrong. */
    @Test
    void aRightPasswordThatIsNotRememberedWaits() throws IOException {
        lockAnna();
        for (int i = 0; i < 100; i++) {
            assertThat(login("anna", PASSWORD)).startsWith("locked");
        }
        assertThat(login("anna", PASSWORD, ELSEWHERE)).isEqualTo("anna@example.org");
        assertThat(login("anna", PASSWORD)).as("remembered now").isEqualTo("anna@example.org");
    }

    @Test
    void nobodyGuessesOnOverManyNames() throws IOException {
        assertThat(login("anna", PASSWORD)).isEqualTo("anna@example.org");
        for (int i = 0; i < LockOut.NETWORK_DELAYED_FROM; i++) {
            assertThat(login("name" + i, "Summer2026")).isEqualTo("refused");
        }
        assertThat(login("anna", PASSWORD)).as("let through").isEqualTo("anna@example.org");
        for (int i = 0; i < 50; i++) {
            assertThat(login("other" + i, "Summer2026")).isEqualTo("locked 1");
        }
        assertThat(login("anna", PASSWORD)).isEqualTo("locked 1");
    }
}
