package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.wiring.Town.House;
import mansio.state.queue.Progress;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueSummary;
import mansio.state.queue.Recipient;
import mansio.testkit.dns.Behaviour;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whole servers that write to one another over loopback. */
class SendingTest {
    @TempDir Path folder;
    private Town town = Optional.<Town>empty().orElse(null);

    @BeforeEach
    void open() {
        town = new Town(folder);
    }

    @AfterEach
    void close() {
        town.close();
    }

    private static List<QueueEntry> queue(House house) {
        try {
            return house.state.queue().list(Queue.FIRST, 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean waitsWithFailure(House house, String status) {
        return queue(house).stream()
                .flatMap(it -> it.recipients().stream())
                .map(Recipient::progress)
                .anyMatch(
                        it ->
                                it instanceof Progress.Waiting waiting
                                        && waiting.failure()
                                                .filter(why -> why.status().startsWith(status))
                                                .isPresent());
    }

    private static long waiting(QueueEntry entry) {
        return entry.recipients().stream().filter(it -> !it.isDone()).count();
    }

    private static boolean isReportTo(QueueEntry entry, String address) {
        String to = entry.recipients().getFirst().forwardPath().toString();
        return entry.envelope().reversePath().isEmpty() && to.equals(address);
    }

    @Test
    void aSubmissionArrivesAtAnotherServerOverTls() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", b.smtp);
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.1\n");
        a.submit("first", "anna@b.example");
        assertThat(b.inbox(1))
                .contains("Subject: first\r\n", "Return-Path: <anna@a.example>")
                .containsPattern("Received: from mx\\.a\\.example .*(?s:.{0,200})with ESMTPS");
        a.until(() -> queue(a).isEmpty());
    }

    @Test
    void aRelayHostWithLogIn() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", 9);
        a.route("smtp://127.0.0.1:" + b.submission, Town.PASSWORD);
        a.submit("relayed", "anna@b.example");
        assertThat(b.inbox(1)).contains("Subject: relayed\r\n").contains("with ESMTPSA");
        a.until(() -> queue(a).isEmpty());
    }

    @Test
    void aRelayThatRefusesTheLogInHoldsItsMail() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", 9);
        a.route("smtp://127.0.0.1:" + b.submission, "wrong password");
        a.submit("held", "anna@b.example");
        a.until(
                () ->
                        a.state.queue().operations().summary(10).lanes().stream()
                                .anyMatch(it -> it.state() == QueueSummary.State.HELD));
        assertThat(a.state.queue().operations().summary(10).lanes())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("535 5.7.8"));
        String target = "smtp://127.0.0.1:" + b.submission;
        assertThat(a.inbox(1))
                .contains(
                        "Return-Path: <>\r\n",
                        "To: <postmaster@a.example>\r\n",
                        "Auto-Submitted: auto-generated\r\n",
                        "  Route:    * -> " + target + "\r\n",
                        "  User:     anna@b.example\r\n",
                        "  It said:  535 5.7.8 ",
                        "  mansio route test '*'\r\n",
                        "  mansio route add '*' '%s' --tls verify --user 'anna@b.example' --replace"
                                .formatted(target));
        a.until(() -> queue(a).size() == 1);
        // The same again is told to nobody, whether it is tried again or begun anew.
        a.state.queue().operations().retryAll();
        a.route(target, "another wrong password");
        a.until(
                () ->
                        a.state.queue().operations().summary(10).lanes().stream()
                                .anyMatch(it -> it.state() == QueueSummary.State.HELD));
        assertThat(queue(a)).hasSize(1);
        assertThat(a.story("postmaster@a.example"))
                .filteredOn(it -> it.startsWith("received made here"))
                .hasSize(1);
        a.route("smtp://127.0.0.1:" + b.submission, Town.PASSWORD);
        assertThat(b.inbox(1)).contains("Subject: held\r\n");
    }

    @Test
    void withoutDnsMailWaits() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", b.smtp);
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.1\n");
        town.dns.behave("*", Behaviour.of(Behaviour.Kind.SERVFAIL));
        a.submit("later", "anna@b.example");
        a.until(
                () ->
                        a.state.queue().operations().summary(10).lanes().stream()
                                .anyMatch(
                                        it ->
                                                it.state() != QueueSummary.State.SENDING
                                                        && it.reason().contains("DNS")));
        assertThat(queue(a)).hasSize(1);
        town.dns.behaveWell("*");
        // Again and again: the attempt that failed may be about to be written down.
        a.until(
                () -> {
                    a.state.queue().operations().retryAll();
                    return queue(a).isEmpty();
                });
        assertThat(b.inbox(1)).contains("Subject: later\r\n");
    }

    @Test
    void aDeadSiteDoesNotHinderALiveOne() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", b.smtp);
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.1\n");
        town.dns.zone("dead.example.", "dead.example. A 127.0.0.2\n");
        a.submit("both", "x@dead.example", "anna@b.example");
        a.submit("again", "y@dead.example", "anna@b.example");
        b.inbox(2);
        a.until(() -> waitsWithFailure(a, "4.4"));
        assertThat(queue(a)).hasSize(2);
    }

    @Test
    void aDomainThatDoesNotExistIsReportedToTheSender() throws IOException {
        House a = town.house("a.example", 9);
        town.dns.zone("example.", "a.example. A 127.0.0.1\n");
        a.submit("nowhere", "x@nowhere.example");
        assertThat(a.inbox(1))
                .contains(
                        "Subject: Not delivered: nowhere\r\n",
                        "Final-Recipient: rfc822; x@nowhere.example\r\n",
                        "Action: failed\r\nStatus: 5.1.2\r\n");
        a.until(() -> queue(a).isEmpty());
        assertThat(a.story("x@nowhere.example"))
                .anyMatch(it -> it.startsWith("sent failed x@nowhere.example: 5.1.2"));
        // The report has a story of its own, and nobody is told of it.
        assertThat(a.story("anna@a.example"))
                .anyMatch(it -> it.startsWith("received made here on "))
                .anyMatch(it -> it.startsWith("delivered done anna@a.example: "));
        assertThat(a.state.queue().operations().summary(10).waiting()).isZero();
    }

    @Test
    void whatWaitsForADomainThatBecomesOursIsDeliveredHere() throws IOException {
        House a = town.house("a.example", 9);
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.2\n");
        a.submitTo(
                "moving",
                "<ben@b.example> NOTIFY=SUCCESS",
                "<list@b.example>",
                "<later@b.example>");
        a.until(() -> waitsWithFailure(a, "4.4"));
        a.adopt("b.example", "ben", "list");
        // Both lead to anna, who has it once, with a report that ben has it. What is being tried
        // right now is not tried again at once, so they may all wait when they are looked at.
        a.until(
                () -> {
                    a.state.queue().operations().retryAll();
                    return waitsWithFailure(a, "4.1.1")
                            && queue(a).size() == 1
                            && waiting(queue(a).getFirst()) == 1;
                });
        String both = a.inbox(1) + a.inbox(2);
        assertThat(both.split("Return-Path: <anna@a.example>\r\n", -1)).hasSize(2);
        assertThat(both)
                .contains("Final-Recipient: rfc822; ben@b.example\r\nAction: delivered\r\n");
        a.adopt("b.example", "later");
        a.until(
                () -> {
                    a.state.queue().operations().retryAll();
                    return queue(a).isEmpty();
                });
        assertThat(a.inbox(3)).contains("Subject: moving\r\n");
        assertThat(a.story("ben@b.example"))
                .anyMatch(it -> it.startsWith("sent goes on here ben@b.example, list@b.example: "))
                .anyMatch(
                        it -> it.matches("received goes on was \\w+: b.example is a domain of .*"));
    }

    @Test
    void successIsToldToWhoAsks() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", b.smtp);
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.1\n");
        String wish = "> NOTIFY=SUCCESS ORCPT=rfc822;Anna@b.example";
        a.submitTo("here", "<anna@a.example> NOTIFY=SUCCESS");
        assertThat(a.inbox(2)) // The message itself is the first.
                .contains(
                        "Subject: Delivered: here\r\n",
                        "Final-Recipient: rfc822; anna@a.example\r\n",
                        "Action: delivered\r\nStatus: 2.0.0\r\n");
        // A stranger's wishes are not taken over, so it is told that the message was handed on.
        a.submitTo("there", "<anna@b.example" + wish);
        assertThat(a.inbox(3))
                .contains(
                        "Subject: Handed on: there\r\n",
                        "Original-Recipient: rfc822; Anna@b.example\r\n",
                        "Action: relayed\r\nStatus: 2.0.0\r\n");
        a.until(() -> queue(a).isEmpty());
    }

    /** A relay that takes the wishes over reports itself. */
    @Test
    void aRelayThatTakesTheWishOverReportsItself() throws IOException {
        House b = town.house("b.example", 9);
        House a = town.house("a.example", b.smtp);
        town.dns.zone("a.example.", "a.example. MX 10 mx.a.example.\nmx.a.example. A 127.0.0.1\n");
        a.route("smtp://127.0.0.1:" + b.submission, Town.PASSWORD);
        a.submitTo("relayed", "<anna@b.example> NOTIFY=SUCCESS");
        b.inbox(1);
        // Nobody takes mail where b looks for the sender, so the report can be seen.
        b.until(() -> queue(b).stream().anyMatch(it -> isReportTo(it, "anna@a.example")));
        a.until(() -> queue(a).isEmpty());
        assertThat(a.story("anna@a.example")).noneMatch(it -> it.contains("made here"));
    }
}
