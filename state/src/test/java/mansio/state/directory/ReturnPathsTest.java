package mansio.state.directory;

import static mansio.state.directory.House.address;
import static mansio.state.directory.House.domain;
import static mansio.state.directory.House.done;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Signed reverse-paths, from the way out to the way home. */
class ReturnPathsTest {
    private static final Domain US = domain("example.org");
    private static final Address SENDER = address("bob@far.example");

    private House house = new House();

    @BeforeEach
    void people() throws IOException {
        house.addDomain("example.org");
        house.addAccount("anna@example.org");
        done(house.editor.setCatchAll(US, Optional.of(address("anna@example.org"))));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Address forwarded(Address sender) throws IOException {
        return house.directory.returnPaths().forwarded(sender, US);
    }

    private String route(Address address) throws IOException {
        return house.shown(house.directory.route(address));
    }

    private static Address lower(Address address) {
        return new Address(new LocalPart(Ascii.lower(address.localPart().text())), address.host());
    }

    @Test
    void aBounceFindsItsWayHomeAndNotIntoTheCatchAll() throws IOException {
        Address path = forwarded(SENDER);
        assertThat(route(path)).isEqualTo("-> bob@far.example by example.org");
        Route.Ours route = (Route.Ours) house.directory.route(path);
        assertThat(route.forwards().getFirst().reason()).isEqualTo(Route.Reason.RETURN);
        assertThat(house.directory.explain(path).steps())
                .extracting(it -> it.rule() + " " + it.outcome())
                .containsExactly("srs stands for bob@far.example", "forward at another server");
        house = house.reopened();
        assertThat(route(lower(path))).isEqualTo("-> bob@far.example by example.org");
    }

    @Test
    void whatWeDidNotSignIsNobody() throws IOException {
        assertThat(route(address("SRS0=AAAAAAAA=AA=far.example=bob@example.org")))
                .isEqualTo("nobody");
        String signed = forwarded(SENDER).localPart().text();
        Address other = new Address(new LocalPart(signed.replace("bob", "eve")), US);
        assertThat(route(other)).isEqualTo("nobody");
        assertThat(house.directory.explain(other).steps())
                .extracting(it -> it.rule() + " " + it.outcome())
                .containsExactly("srs not signed by this server");
    }

    @Test
    void anAddressOfThatNameComesFirst() throws IOException {
        house.addAccount("srs0=list=x=y=z@example.org");
        assertThat(route(address("SRS0=list=x=y=z@example.org")))
                .isEqualTo("srs0=list=x=y=z@example.org");
    }

    @Test
    void aSenderOfOursGetsItHere() throws IOException {
        assertThat(route(forwarded(address("anna@example.org")))).isEqualTo("anna@example.org");
        assertThat(route(forwarded(address("gone@example.org")))).isEqualTo("nobody");
    }

    @Test
    void aLongSenderIsStoredUntilItsAddressIsTooOld() throws IOException {
        Address sender = address("bounces+0123456789abcdef0123456789abcdef@lists.far.example");
        Address path = forwarded(sender);
        assertThat(path.localPart().text()).hasSizeLessThanOrEqualTo(64);
        assertThat(forwarded(sender)).isEqualTo(path);
        house = house.reopened();
        assertThat(route(lower(path))).isEqualTo("-> " + sender + " by example.org");
        house.time.advance(Duration.ofDays(21));
        house.directory.returnPaths().forgetOld();
        assertThat(route(path)).isEqualTo("-> " + sender + " by example.org");
        house.time.advance(Duration.ofDays(2));
        assertThat(route(path)).isEqualTo("nobody");
        assertThat(house.directory.explain(path).steps().getFirst().outcome()).isEqualTo("too old");
        house.directory.returnPaths().forgetOld();
        assertThat(
                        house.store
                                .partition(mansio.state.store.PartitionId.DIRECTORY)
                                .scan(
                                        mansio.state.store.Range.prefix(Rows.LONG_SENDERS),
                                        mansio.state.store.Reads.Direction.FORWARD,
                                        10,
                                        10_000)
                                .entries())
                .isEmpty();
    }

    @Test
    void keysChangeAndOldOnesStayGood() throws IOException {
        Address first = forwarded(SENDER);
        assertThat(done(house.directory.returnPaths().rotate())).isEqualTo(2);
        assertThat(forwarded(SENDER)).isNotEqualTo(first);
        assertThat(route(first)).isEqualTo("-> bob@far.example by example.org");
        house = house.reopened();
        assertThat(route(first)).isEqualTo("-> bob@far.example by example.org");
        house.time.advance(Duration.ofDays(20));
        assertThat(done(house.directory.returnPaths().rotate())).isEqualTo(3);
        house.time.advance(Duration.ofDays(3));
        // The first was replaced 23 days ago.
        assertThat(done(house.directory.returnPaths().rotate())).isEqualTo(3);
        for (int keys = 4; keys <= 8; keys++) {
            assertThat(done(house.directory.returnPaths().rotate())).isEqualTo(keys);
        }
        House.refused(
                house.directory.returnPaths().rotate(),
                Outcome.Problem.IN_USE,
                "there are 8 keys that addresses of the last 22 days need; change them later");
    }

    private TaggedTime taggedTime() {
        return house.directory.returnPaths().taggedTime();
    }

    @Test
    void taggedLongEnoughIsCountedWhileTheServerRuns() throws IOException {
        taggedTime().begin(true);
        house.time.advance(Duration.ofDays(4));
        taggedTime().keep();
        house.time.advance(Duration.ofMinutes(50));
        house = house.reopened(); // What was not kept is counted again.
        assertThat(taggedTime().isEnough()).isFalse();
        taggedTime().begin(true);
        house.time.advance(Duration.ofDays(3).minusSeconds(1));
        assertThat(taggedTime().isEnough()).isFalse();
        house.time.advance(Duration.ofSeconds(1));
        assertThat(taggedTime().isEnough()).isTrue();
        taggedTime().keep();
        house = house.reopened();
        taggedTime().begin(true);
        assertThat(taggedTime().isEnough()).isTrue();
    }

    @Test
    void aClockThatJumpsDoesNotMakeItLonger() throws IOException {
        taggedTime().begin(true);
        house.time.setNow(house.time.now().plus(Duration.ofDays(10_000)));
        taggedTime().keep();
        assertThat(taggedTime().isEnough()).isFalse();
        house.time.advance(Duration.ofDays(6));
        house.time.setNow(house.time.now().minus(Duration.ofDays(20_000)));
        taggedTime().keep();
        assertThat(taggedTime().isEnough()).isFalse();
        house.time.advance(Duration.ofDays(1));
        assertThat(taggedTime().isEnough()).isTrue();
    }

    @Test
    void aBreakBeginsItAnew() throws IOException {
        taggedTime().begin(true);
        house.time.advance(Duration.ofDays(8));
        taggedTime().keep();
        taggedTime().begin(false);
        house.time.advance(Duration.ofDays(8));
        assertThat(taggedTime().isEnough()).isFalse();
        taggedTime().begin(true);
        assertThat(taggedTime().isEnough()).isFalse();
        house.time.advance(Duration.ofDays(7));
        assertThat(taggedTime().isEnough()).isTrue();
    }

    @Test
    void aTaggedSenderGetsItsBounce() throws IOException {
        Address tagged = house.directory.returnPaths().tagged(address("anna@example.org"));
        assertThat(tagged.localPart().text()).startsWith("prvs=");
        assertThat(route(lower(tagged))).isEqualTo("anna@example.org");
        assertThat(route(address("prvs=0123abcdef=anna@example.org"))).isEqualTo("nobody");
        house.time.advance(Duration.ofDays(9));
        assertThat(route(tagged)).isEqualTo("nobody");
    }
}
