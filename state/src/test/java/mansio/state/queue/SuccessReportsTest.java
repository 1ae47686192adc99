package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.text.Address;
import mansio.state.queue.Action.Placing;
import mansio.state.store.AccountId;
import mansio.state.store.MemoryDisk;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which successes are told, and by whom (RFC 3461 section 5.2). */
class SuccessReportsTest {
    private static Recipient recipient(String address, Action action, Notify... wanted) {
        return Recipient.fresh(
                Address.parse(address),
                action,
                new ReportWish(Optional.of(Set.of(wanted)), Optional.empty()));
    }

    private static Action mailbox(long account) {
        return new Action.Deliver(new AccountId(account), Optional.empty(), Placing.INBOX);
    }

    private static List<String> told(Recipient... to) {
        return told(Set.of(), to);
    }

    /**
     * @param late accounts that have no room at first
     */
    private static List<String> told(Set<AccountId> late, Recipient... to) {
        List<String> told = new ArrayList<>();
        Simulation.run(
                1,
                simulation -> {
                    World world = new World(simulation);
                    world.full.addAll(late);
                    MemoryDisk disk = new MemoryDisk();
                    House house = new House(simulation, simulation.node("program"), disk, world);
                    house.queue.start();
                    house.acceptFor(List.of(to));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    world.full.clear();
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                    assertThat(world.told).isEmpty();
                    told.addAll(world.successes);
                });
        return told;
    }

    @Test
    void aServerThatReportsNothingItselfIsReportedOn() {
        assertThat(told(recipient("ann@good.example", new Action.Relay(), Notify.SUCCESS)))
                .containsExactly("RELAYED ann@good.example");
    }

    @Test
    void aServerThatTookTheWishOverIsNotReportedOn() {
        assertThat(told(recipient("ann@polite.example", new Action.Relay(), Notify.SUCCESS)))
                .isEmpty();
    }

    @Test
    void aMailboxHereIsReportedOn() {
        assertThat(told(recipient("ann@example.org", mailbox(7), Notify.SUCCESS)))
                .containsExactly("DELIVERED ann@example.org");
    }

    @Test
    void whoDidNotAskIsNotTold() {
        assertThat(
                        told(
                                Recipient.fresh(Address.parse("ann@example.org"), mailbox(7)),
                                recipient("bob@example.org", mailbox(8), Notify.FAILURE),
                                recipient("cyd@good.example", new Action.Relay()),
                                Recipient.fresh(
                                        Address.parse("dan@good.example"), new Action.Relay())))
                .isEmpty();
    }

    /** How many mailboxes are behind an alias is not the sender's to know. */
    @Test
    void anAliasIsReportedOnOnce() {
        assertThat(
                        told(
                                recipient("team@example.org", mailbox(7), Notify.SUCCESS),
                                recipient("team@example.org", mailbox(8), Notify.SUCCESS),
                                recipient("ann@example.org", mailbox(7), Notify.SUCCESS)))
                .containsExactly("DELIVERED team@example.org", "DELIVERED ann@example.org");
    }

    @Test
    void norIsHowLongEachOfThemTakes() {
        assertThat(
                        told(
                                Set.of(new AccountId(8)),
                                recipient("team@example.org", mailbox(7), Notify.SUCCESS),
                                recipient("team@example.org", mailbox(8), Notify.SUCCESS)))
                .containsExactly("DELIVERED team@example.org");
    }
}
