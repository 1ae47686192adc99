package mansio.serve.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.state.directory.Outcome;
import mansio.state.dsn.AdminNotices;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.route.LogInTroubles;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.store.Content;
import mansio.state.store.PartitionId;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an administrator is told of a log-in that is refused. The queue is not started. */
class LogInAlarmTest {
    private static final Failure REFUSED = refused("535 5.7.8 No, \"me\"");

    @TempDir Path folder;
    private final FakeTime time = new FakeTime();
    private Field field = Optional.<Field>empty().orElse(null);
    private Queue queue = Optional.<Queue>empty().orElse(null);
    private LogInAlarm alarm = Optional.<LogInAlarm>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        field = new Field(folder);
        queue =
                new Queue(
                        field.store,
                        1,
                        (_, _, _) -> {
                            throw new IOException("nothing is delivered here");
                        },
                        new Queue.Around(time, new VirtualThreads()));
        alarm =
                new LogInAlarm(
                        LogInTroubles.open(field.store.partition(PartitionId.DIRECTORY), time),
                        new AdminNotices(field.names, Domain.parse("mail.example.org")),
                        queue,
                        time);
    }

    @AfterEach
    void close() {
        field.close();
    }

    private static Failure refused(String reply) {
        return new Failure(
                "5.7.8",
                Stage.AUTH,
                "relay.example[192.0.2.9]",
                reply,
                "the server refused at AUTH",
                FakeTime.START);
    }

    private void account(String domain) throws IOException {
        assertThat(field.editor.addDomain(Domain.parse(domain))).isInstanceOf(Outcome.Done.class);
        assertThat(field.editor.addAccount(Address.parse("anna@" + domain), Optional.empty()))
                .isInstanceOf(Outcome.Done.class);
    }

    private RemoteRoute route(NewRoute route) throws IOException {
        field.add(route);
        return field.routes.named(route.pattern()).orElseThrow();
    }

    private RemoteRoute route(String pattern) throws IOException {
        Optional<NewRoute.LogIn> logIn =
                Optional.of(new NewRoute.LogIn(Optional.of("it's me"), "secret-word"));
        return route(
                new NewRoute(
                        pattern,
                        "smtp://relay.example:587",
                        logIn,
                        Optional.of("encrypt"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Retry.USUAL));
    }

    private List<QueueEntry> queued() throws IOException {
        return queue.list(Queue.FIRST, 100);
    }

    private static String text(QueueEntry entry) {
        return entry.content().pieces().stream()
                .map(it -> new String(((Content.Inline) it).bytes(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    @Test
    void itSaysWhatWasSaidAndWhatToType() throws IOException {
        account("example.org");
        alarm.refused(route("*"), REFUSED);
        QueueEntry entry = queued().getFirst();
        assertThat(entry.envelope().reversePath()).isEmpty();
        assertThat(text(entry))
                .contains(
                        "To: <postmaster@example.org>\r\n",
                        "  Route:    * -> smtp://relay.example:587\r\n",
                        "  User:     it's me\r\n",
                        "  Host:     relay.example[192.0.2.9]\r\n",
                        "  It said:  535 5.7.8 No, \"me\"\r\n",
                        "  mansio route test '*'\r\n",
                        "  mansio route add '*' 'smtp://relay.example:587' --tls encrypt"
                                + " --user 'it'\\''s me' --replace\r\n")
                .doesNotContain("secret-word", "Cause:", "times for retries");
    }

    @Test
    void aRouteWithAllThereIsComesBackWhole() throws IOException {
        account("example.org");
        RemoteRoute whole =
                route(
                        new NewRoute(
                                "far.example",
                                "direct",
                                Optional.of(new NewRoute.LogIn(Optional.of("me"), "secret-word")),
                                Optional.of("encrypt"),
                                Optional.of("smtps://relay.example"),
                                Optional.of("192.0.2.1"),
                                Optional.of("out.example.org"),
                                new Retry(
                                        Optional.of(Duration.ofMinutes(1)),
                                        Optional.empty(),
                                        Optional.empty())));
        alarm.refused(whole, refused(""));
        assertThat(text(queued().getFirst()))
                .contains(
                        "  It said:  nothing\r\n",
                        "  Cause:    the server refused at AUTH\r\n",
                        "  mansio route add 'far.example' 'direct' --tls encrypt"
                                + " --fallback 'smtps://relay.example:465' --source 192.0.2.1"
                                + " --ehlo out.example.org --user 'me' --replace\r\n",
                        "(with the times for retries that mansio route list shows)\r\n");
    }

    @Test
    void theAdminOfTheSendersDomainIsToldOnceADay() throws IOException {
        account("example.org");
        account("other.example");
        RemoteRoute route = route("sender:other.example");
        alarm.refused(route, REFUSED);
        alarm.refused(route, REFUSED);
        alarm.refused(route("sender:anna@other.example"), REFUSED);
        assertThat(queued()).hasSize(2);
        for (QueueEntry entry : queued()) {
            assertThat(text(entry)).contains("To: <postmaster@other.example>\r\n");
        }
        time.advance(LogInTroubles.PAUSE);
        alarm.refused(route, REFUSED);
        assertThat(queued()).hasSize(3);
    }

    @Test
    void whereNobodyIsThereNobodyIsTold() throws IOException {
        alarm.refused(route("*"), REFUSED);
        assertThat(queued()).isEmpty();
    }
}
